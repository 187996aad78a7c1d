/** Rules over facts give findings. */
export * from './finding.ts'
export { audit } from './audit.ts'
export { compareAudits, isWorse, type AuditChange } from './audit-change.ts'
export { toInspection, type InspectedFile, type Inspection } from './inspection.ts'
export { renderFindings, renderRules } from './render.ts'
export { rulePages } from './rule-pages.ts'
export type { AuditOptions, Rule } from './rule.ts'
export { toSarif, type SarifLog, type SarifOptions } from './sarif/log.ts'

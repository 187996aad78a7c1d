/** The evidence about one consignment, and what a policy makes of it. */
export { assembleDossier, type AssembledDossier, type DossierParts } from './assemble.ts'
export { decide, type Evidence } from './decide.ts'
export * from './dossier.ts'
export { loadPolicy } from './load-policy.ts'
export type { CompiledCondition, CompiledPolicy, Condition, Policy } from './policy.ts'
export { renderReport, type CertificateNote, type ReportInput } from './report/render.ts'
export { DECISION_WORDS, REASON_WORDS } from './report/words.ts'
export { summariseDossier } from './summary.ts'

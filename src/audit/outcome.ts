/**
 * Outcomes: what each rule did on an artefact, so that a certificate lists what was tested and not only what was found.
 */
import type { FileFacts } from '../formats/index.ts'
import type { Finding, RuleOutcome } from './finding.ts'
import type { Rule, Subject } from './rule.ts'
import { ANSWERS } from './rules/index.ts'
import { isUnderstood } from './verdict.ts'

function isInScope({ over }: Rule, { format }: FileFacts): boolean {
  return over === 'any' || (over !== 'folder' && over.includes(format))
}

function isSettled(file: FileFacts): boolean {
  return isUnderstood(file, { unanswered: file.anomalies.map(({ code }) => code).filter((code) => !ANSWERS.has(code)) })
}

/**
 * What a rule came to: `fail` when it found something, `not-applicable` when nothing in the artefact is of its kind,
 * `inconclusive` when something of its kind was not read in full, else `pass`.
 */
export function outcomeOf(rule: Rule, subject: Subject, findings: readonly Finding[]): RuleOutcome['state'] {
  if (findings.some((finding) => finding.rule === rule.id)) return 'fail'
  if (rule.arises?.(subject) === false) return 'not-applicable'
  if (rule.over === 'folder' || rule.id === 'TW-SYS-01') return 'pass'
  const files = subject.facts.files.filter((file) => isInScope(rule, file))
  if (files.length === 0) return 'not-applicable'
  const unopened = rule.over === 'any' && files.length < subject.artefact.files.length
  return !unopened && files.every(isSettled) ? 'pass' : 'inconclusive'
}

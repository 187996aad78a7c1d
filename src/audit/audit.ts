/**
 * The audit: rules over facts.
 *
 * It knows no bytes and no clock. Facts that were stored when a model was opened can be audited again by rules that
 * were written later, and the same facts under the same rules give the same report.
 *
 * Guarantee: every anomaly becomes a finding; one whose code no rule answers for is a finding of TW-SYS-01 and makes
 * its file inconclusive, because a reader saw something that this version cannot weigh. No finding repeats a credential.
 */
import type { Artefact } from '../artefact/index.ts'
import { compareCodePoints, digestOf, Fault } from '../base/index.ts'
import type { Anomaly, ArtefactFacts, FileFacts } from '../formats/index.ts'
import { GRADES, type AuditedFile, type AuditReport, type AuditVerdict, type Finding } from './finding.ts'
import { outcomeOf } from './outcome.ts'
import type { AuditOptions } from './options.ts'
import type { Observation, Rule, Subject } from './rule.ts'
import { ANSWERS, ruleById, RULES } from './rules/index.ts'
import { maskSecrets } from './secrets.ts'
import { coverageOf, isCovered, isFailing, judgeFile, policiesOf, worstVerdict } from './verdict.ts'

/** Grows when a rule changes what it finds in the same facts. */
const RULES_REVISION = 3
const MOST_EVIDENCE = 256
const UNKNOWN_RULE = 'TW-SYS-01'

let digest: string | undefined

/** Digest of the rules of this version: their data, and the revision of their functions. */
export function rulesDigest(): string {
  digest ??= digestRules()
  return digest
}

function digestRules(): string {
  const data = RULES.map(({ check, arises, ...rest }) => ({
    ...rest,
    looks: check !== undefined,
    asks: arises !== undefined,
  }))
  return digestOf({ revision: RULES_REVISION, rules: data })
}

/**
 * Audits an artefact by its facts.
 *
 * @throws Fault `facts-mismatch` when the facts are those of another artefact
 */
export function audit(artefact: Artefact, facts: ArtefactFacts, options: AuditOptions = {}): AuditReport {
  checkMatch(artefact, facts)
  const subject = { artefact, facts, options }
  const findings = [...RULES.flatMap((rule) => look(rule, subject)), ...answer(subject), ...missing(subject)]
  const containers = new Map(facts.files.map(({ path, container }) => [path, container]))
  const sorted = findings.map((finding) => locate(withoutSecrets(finding), containers)).toSorted(byWeight)
  const files = judgeFiles(subject, sorted)
  return {
    schema: 'tidewaiter/audit/v1',
    artefact: artefact.id,
    files,
    findings: sorted,
    outcomes: RULES.map((rule) => ({ rule: rule.id, state: outcomeOf(rule, subject, sorted) })),
    verdict: judgeArtefact(subject, files, sorted),
    rules: rulesDigest(),
    ...(Object.keys(options).length === 0 ? {} : { options }),
    assurance: facts.assurance,
    readers: facts.readers,
  }
}

function checkMatch(artefact: Artefact, facts: ArtefactFacts): void {
  if (facts.artefact !== artefact.id)
    throw new Fault('facts-mismatch', `the facts are those of ${facts.artefact}, not of ${artefact.id}`)
  const known = new Set(artefact.files.map(({ path }) => path))
  const foreign = facts.files.find(({ path, container = path }) => !known.has(container))
  if (foreign !== undefined) throw new Fault('facts-mismatch', `facts of ${foreign.path}, which is not in the artefact`)
}

function toFinding({ id, grade, basis }: Rule, observation: Observation): Finding {
  return { rule: id, grade, basis, ...observation }
}

function look(rule: Rule, subject: Subject): readonly Finding[] {
  return (rule.check?.(subject) ?? []).map((observation) => toFinding(rule, observation))
}

function answer({ facts }: Subject): readonly Finding[] {
  const ofFiles = facts.files.flatMap(({ path, anomalies }) => anomalies.map((anomaly) => toAnswer(path, anomaly)))
  const ofFolder = facts.anomalies.map(({ path, ...anomaly }) => toAnswer(path, anomaly))
  const gaps = facts.files.filter(isGapUnsaid).map(({ path }) => {
    const message = 'the reader says that the file was read in full, and its claims do not cover it'
    return toFinding(ruleById(UNKNOWN_RULE), { path, locus: 'claims', message })
  })
  return [...ofFiles, ...ofFolder, ...gaps]
}

function toAnswer(path: string, { code, message, ...place }: Anomaly): Finding {
  const rule = ANSWERS.get(code)
  const said = rule === undefined ? `${message} (noted as ${code}, which no rule of this version knows)` : message
  return toFinding(rule ?? ruleById(UNKNOWN_RULE), { path, message: said, ...place })
}

function isGapUnsaid(file: FileFacts): boolean {
  return file.reading === 'full' && !isCovered(file) && file.anomalies.every(({ code }) => !code.startsWith('bytes-'))
}

function missing({ artefact, facts }: Subject): readonly Finding[] {
  const opened = new Set(facts.files.filter(isOfArtefact).map(({ path }) => path))
  return artefact.files
    .filter(({ path }) => !opened.has(path))
    .map(({ path }) => toFinding(ruleById(UNKNOWN_RULE), { path, locus: 'file', message: 'the file was not opened' }))
}

function withoutSecrets(finding: Finding): Finding {
  const { evidence } = finding
  return {
    ...finding,
    locus: maskSecrets(finding.locus),
    message: maskSecrets(finding.message),
    ...(evidence === undefined ? {} : { evidence: maskSecrets(evidence).slice(0, MOST_EVIDENCE).toWellFormed() }),
  }
}

function locate(finding: Finding, containers: ReadonlyMap<string, string | undefined>): Finding {
  const container = containers.get(finding.path)
  return container === undefined ? finding : { ...finding, container }
}

function byWeight(a: Finding, b: Finding): number {
  return (
    GRADES.indexOf(a.grade) - GRADES.indexOf(b.grade) ||
    compareCodePoints(a.rule, b.rule) ||
    compareCodePoints(a.path, b.path)
  )
}

function hasEffect({ rule }: Finding, effect: Rule['effect']): boolean {
  return ruleById(rule).effect === effect
}

function isOfArtefact({ container }: FileFacts): boolean {
  return container === undefined
}

/** One file or member, by its own facts and findings. */
function judgeAlone(file: FileFacts, found: readonly Finding[]): AuditedFile {
  const unanswered = file.anomalies.map(({ code }) => code).filter((code) => !ANSWERS.has(code))
  const open = found.some((finding) => hasEffect(finding, 'open'))
  const findings = found.filter((finding) => hasEffect(finding, undefined))
  const verdict = judgeFile(file, { findings, open, unanswered })
  const { path, container, format, reading, reason } = file
  const under = policiesOf(file)
  return {
    path,
    ...(container === undefined ? {} : { container }),
    format,
    verdict,
    reading,
    ...(reason === undefined ? {} : { reason: maskSecrets(reason) }),
    coverage: coverageOf(file),
    ...(under.length === 0 ? {} : { under }),
  }
}

/** The paths of what a member lies in, the nearest first. */
function containersOf(path: string): readonly string[] {
  const ends = [...path.matchAll(/!\//g)].map(({ index }) => index)
  return ends.toReversed().map((end) => path.slice(0, end))
}

/** A container is never better than what was found in it, nor is a container within it. */
function withMembers(file: AuditedFile, members: readonly AuditedFile[]): readonly AuditedFile[] {
  const worst = new Map<string, AuditVerdict>()
  for (const { path, verdict } of members) {
    for (const container of containersOf(path))
      worst.set(container, worstVerdict([verdict, worst.get(container) ?? 'proved']))
  }
  return [file, ...members].map((each) => {
    const verdict = worstVerdict([each.verdict, worst.get(each.path) ?? 'proved'])
    return verdict === each.verdict ? each : { ...each, verdict, own: each.verdict }
  })
}

function judgeFiles({ artefact, facts }: Subject, findings: readonly Finding[]): readonly AuditedFile[] {
  const byPath = Map.groupBy(findings, ({ path }) => path)
  const judged = facts.files.map((file) => judgeAlone(file, byPath.get(file.path) ?? []))
  const opened = new Map(judged.filter(({ container }) => container === undefined).map((file) => [file.path, file]))
  const members = Map.groupBy(judged, ({ container }) => container)
  return artefact.files.flatMap(({ path }) => {
    const file = opened.get(path)
    if (file === undefined)
      return [{ path, format: 'unknown', verdict: 'inconclusive', reading: 'unread', reason: 'not opened' } as const]
    return withMembers(file, members.get(path) ?? [])
  })
}

function judgeArtefact({ facts }: Subject, files: readonly AuditedFile[], findings: readonly Finding[]): AuditVerdict {
  const failed = findings.some((finding) => isFailing(finding) && hasEffect(finding, undefined))
  const incomplete = facts.anomalies.some(
    ({ code }) => ANSWERS.get(code)?.incomplete?.includes(code) ?? !ANSWERS.has(code),
  )
  const open = incomplete || findings.some((finding) => hasEffect(finding, 'open'))
  return worstVerdict([
    ...files.map(({ verdict }) => verdict),
    files.length === 0 || open ? 'inconclusive' : 'proved',
    failed ? 'defect' : 'proved',
  ])
}

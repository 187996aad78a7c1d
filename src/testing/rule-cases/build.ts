/**
 * Cases for the rules of the audit: facts in, a finding of one rule or none.
 *
 * A rule is trusted when it fires on what it is for and is silent on what only resembles it; the hygiene test counts
 * both for every rule.
 */
import type { Artefact, IntakeProblemKind } from '../../artefact/index.ts'
import type { AuditOptions } from '../../audit/index.ts'
import type { Anomaly, ArtefactFacts, FileFacts } from '../../formats/index.ts'

const HASH = 'a'.repeat(64)
const SIZE = 100

/** What an audit takes. */
export interface CaseSubject {
  readonly artefact: Artefact
  readonly facts: ArtefactFacts
  readonly options: AuditOptions
}

/** One case of one rule. */
export interface RuleCase {
  readonly rule: string
  /** What the subject is, for the name of the test. */
  readonly about: string
  /** Whether the rule must find something. */
  readonly fires: boolean
  readonly subject: CaseSubject
}

/** What varies between subjects beside the files. */
export interface SubjectChanges {
  readonly problems?: Artefact['problems']
  readonly source?: Artefact['source']
  readonly anomalies?: ArtefactFacts['anomalies']
  readonly options?: AuditOptions
}

/** An anomaly with a message and a place. */
export function anomaly(code: string, locus = 'header'): Anomaly {
  return { code, message: `noted as ${code}`, locus, offset: 8, length: 4 }
}

/** A file that was read in full. */
export function file(path: string, format: string, changes: Partial<FileFacts> = {}): FileFacts {
  const size = changes.size ?? SIZE
  return {
    path,
    size,
    format,
    reading: 'full',
    tensors: [],
    metadata: [],
    references: [],
    claims: [{ from: 0, to: size, role: 'metadata' }],
    anomalies: [],
    ...changes,
  }
}

/** A card that names a licence, so that a subject has papers. */
export function card(licence = 'apache-2.0'): FileFacts {
  return file('README.md', 'hf-card', { metadata: [{ key: '/license', type: 'string', value: licence }] })
}

/** An artefact of these files, and its facts. */
export function subjectOf(files: readonly FileFacts[], changes: SubjectChanges = {}): CaseSubject {
  const { problems = [], source = { kind: 'folder', ref: 'a-model' }, anomalies = [], options = {} } = changes
  const id = `tw1:${HASH}`
  const artefact: Artefact = {
    id,
    source,
    files: files.map(({ path, size }) => ({ path, size, sha256: HASH })),
    size: files.reduce((sum, { size }) => sum + size, 0),
    digests: { sha256: HASH, dirHash: HASH },
    problems,
    ignored: [],
  }
  const facts: ArtefactFacts = {
    schema: 'tidewaiter/facts/v1',
    artefact: id,
    files,
    anomalies,
    assurance: 'in-process',
    readers: [],
  }
  return { artefact, facts, options }
}

/** A case in which the rule must find something. */
export function hit(rule: string, about: string, subject: CaseSubject): RuleCase {
  return { rule, about, fires: true, subject }
}

/** A case in which the rule must be silent. */
export function miss(rule: string, about: string, subject: CaseSubject): RuleCase {
  return { rule, about, fires: false, subject }
}

/** A problem that intake noted. */
export function problem(kind: IntakeProblemKind, path: string, excluded = true): Artefact['problems'][number] {
  return { kind, path, message: `intake noted ${kind}`, excluded }
}

/** What a rule answers for, and what resembles it and is for another rule. */
export interface Answering {
  readonly rule: string
  readonly path: string
  readonly format: string
  readonly hits: readonly string[]
  readonly misses: readonly string[]
}

/** Cases of a rule that answers for anomalies: one for each code, all in a file of the same kind. */
export function answering({ rule, path, format, hits, misses }: Answering): readonly RuleCase[] {
  const papers = card()
  const withCode = (code: string): CaseSubject => {
    const subject = file(path, format, { anomalies: [anomaly(code)] })
    return subjectOf(path === papers.path ? [subject] : [subject, papers])
  }
  return [
    ...hits.map((code) => hit(rule, `${path} with ${code}`, withCode(code))),
    ...misses.map((code) => miss(rule, `${path} with ${code}`, withCode(code))),
  ]
}

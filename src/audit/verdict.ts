/**
 * Verdicts: what the findings and the reading of a file come to.
 *
 * `defect`: a finding about the content, of grade dangerous or major. As in the MOT, a minor defect and an advisory are
 * written down and fail nothing. `inconclusive`: not everything was read, or a rule says that something in it is unknown
 * (a name in a pickle that nobody has vetted, an archive that was not opened). `proved`: every byte has one purpose in a
 * format that holds data only, and nothing above an advisory was found. `no-finding`: read in full and nothing failing
 * found, in a format whose content can still decide what a program does (a configuration, a template, a text).
 * A pickle, and whatever holds some, is `proved` when every stream is proved inert by the core policy and nothing else in
 * the file is for executing; `policy-proved` when the policies of libraries were needed for it.
 *
 * Guarantee: what was not read in full is never better than `inconclusive`, and an artefact never better than its worst
 * part; an artefact without files is inconclusive.
 */
import type { ClaimRole, FileFacts } from '../formats/index.ts'
import { FILE_VERDICTS, type AuditedFile, type AuditVerdict, type Finding } from './finding.ts'

/** Formats whose content is numbers and names, and which nothing executes; and containers, apart from what they hold. */
export const DATA_ONLY_FORMATS: readonly string[] = [
  'safetensors',
  'gguf',
  'zip',
  'tar',
  'gzip',
  'zlib',
  'bzip2',
  'xz',
  'lzma',
  'zstandard',
  'lz4',
  'tensor-data',
  'tf-checkpoint',
  'tf-fingerprint',
  'tf-hub-module',
  'paddle-params',
  'core-ml-weights',
  'npy',
  'npz',
  'hdf5',
  'flax',
  'catboost',
  'xgboost-ubj',
  'xgboost-json',
  'lightgbm',
  'fasttext',
]

/** The worst of the given verdicts; of none, the best. @example worstVerdict(['proved', 'inconclusive']) // 'inconclusive' */
export function worstVerdict(verdicts: readonly AuditVerdict[]): AuditVerdict {
  return verdicts.reduce<AuditVerdict>(
    (worst, verdict) => (FILE_VERDICTS.indexOf(verdict) > FILE_VERDICTS.indexOf(worst) ? verdict : worst),
    'proved',
  )
}

/** True when the claims are disjoint and cover all bytes. @example isCovered({ size: 2, claims: [{ from: 0, to: 2, role: 'text' }] }) // true */
export function isCovered({ size, claims }: Pick<FileFacts, 'size' | 'claims'>): boolean {
  let claimed = 0
  for (const { from, to } of claims.filter((claim) => claim.to !== claim.from).toSorted((a, b) => a.from - b.from)) {
    if (from !== claimed || to < from) return false
    claimed = to
  }
  return claimed === size
}

/** Bytes claimed by structures of each kind. @example coverageOf({ claims: [{ from: 0, to: 2, role: 'text' }] }) // { text: 2 } */
export function coverageOf({ claims }: Pick<FileFacts, 'claims'>): Readonly<Partial<Record<ClaimRole, number>>> {
  const bytes: Partial<Record<ClaimRole, number>> = {}
  for (const { role, from, to } of claims) bytes[role] = (bytes[role] ?? 0) + Math.max(0, to - from)
  return bytes
}

/** True when findings of this grade fail the test. */
export function isFailing({ grade }: Pick<Finding, 'grade'>): boolean {
  return grade === 'dangerous' || grade === 'major'
}

/** What is known about one file, beside its facts. */
export interface FileEvidence {
  /** Findings about the content of this file that can be defects. */
  readonly findings: readonly Finding[]
  /** Whether a finding says that something in the file is unknown. */
  readonly open: boolean
  /** Anomaly codes that no rule of this version answers for. */
  readonly unanswered: readonly string[]
}

/** Whether a file was understood to its last byte. */
export function isUnderstood(file: FileFacts, { unanswered }: Pick<FileEvidence, 'unanswered'>): boolean {
  const isThere = file.size > 0 || file.format === 'text'
  return isThere && file.reading === 'full' && unanswered.length === 0 && isCovered(file)
}

/** What the proofs of a file come to: the verdict that they allow, or undefined when they do not prove it. */
function provedBy({ proofs = [], texts = [], references }: FileFacts): 'proved' | 'policy-proved' | undefined {
  const executable = references.some(({ kind }) => kind === 'code' || kind === 'class')
  if (proofs.length === 0 || texts.length > 0 || executable || !proofs.every(isProved)) return undefined
  return proofs.every(({ verdict }) => verdict === 'proved') ? 'proved' : 'policy-proved'
}

/** Policies of libraries that the proofs of a file rest on, each once, with the versions that they were vetted for. */
export function policiesOf({ proofs = [] }: Pick<FileFacts, 'proofs'>): NonNullable<AuditedFile['under']> {
  const named = proofs.filter(isProved).flatMap(({ policies, versions }) => {
    return policies.map((policy, i) => [policy, versions[i] ?? 'unknown versions'] as const)
  })
  return [...new Map(named)].filter(([policy]) => policy !== 'core').map(([policy, versions]) => ({ policy, versions }))
}

function isProved({ verdict }: NonNullable<FileFacts['proofs']>[number]): boolean {
  return verdict === 'proved' || verdict === 'proved-under'
}

function isDataOnly({ format, texts = [], references, opcodes }: FileFacts): boolean {
  const executable = references.some(({ kind }) => kind === 'code' || kind === 'class' || kind === 'global')
  return DATA_ONLY_FORMATS.includes(format) && texts.length === 0 && opcodes === undefined && !executable
}

/** The verdict on one file. */
export function judgeFile(file: FileFacts, evidence: FileEvidence): AuditVerdict {
  if (evidence.findings.some(isFailing)) return 'defect'
  if (evidence.open || !isUnderstood(file, evidence) || file.proofs?.every(isProved) === false) return 'inconclusive'
  const spotless = evidence.findings.every(({ grade }) => grade === 'advisory')
  if (!spotless) return 'no-finding'
  return provedBy(file) ?? (isDataOnly(file) ? 'proved' : 'no-finding')
}

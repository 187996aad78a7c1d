/**
 * What a clearance puts on the record of a model: what the inspection found, what the weights say of its descent, and
 * what was decided on that.
 *
 * Each is a statement of its own, so that it can be cited, answered and checked by itself. Text of the evidence stays in
 * the dossier; a statement names it by digest. A model that was compared with none gets no report of descent, since
 * nothing was asked.
 */
import type { AuditReport, Finding } from '../../audit/index.ts'
import { sha256 } from '../../base/index.ts'
import { describeModel, type PredicateOf } from '../../certificate/index.ts'
import type { AssembledDossier, Dossier, TraceCandidate, TracedStranger } from '../../dossier/index.ts'
import { KIN_VERDICTS, type ComparisonVerdict } from '../../lineage/index.ts'
import type { Saying } from '../log/public-record.ts'
import { DOSSIER_FILES } from './dossier-folder.ts'

/** Findings that are listed at most; the dossier has all of them. */
const MOST_FINDINGS = 10_000
/** Tests of one comparison that are listed at most. */
const MOST_METHODS = 256
const MOST_PARENTS = 256

type DatedEvidence = Pick<PredicateOf<'inspection'>, 'policy' | 'evidence' | 'inputs' | 'assurance'>

/** What all statements of one dossier share. */
function shared({ dossier, digest }: AssembledDossier): DatedEvidence {
  const { artefact, decision, facts, audit } = dossier
  return {
    policy: decision.policy,
    assurance: 'self-attested',
    inputs: {
      files: artefact.files.length,
      totalBytes: artefact.size,
      rehash: 'full',
      dirHash: artefact.digests.dirHash,
    },
    evidence: [
      { name: DOSSIER_FILES.dossier, digest: { sha256: digest } },
      { name: DOSSIER_FILES.facts, digest: { sha256: facts } },
      { name: 'rules', digest: { sha256: audit.rules } },
    ],
  }
}

function coverageOf({ files }: AuditReport, { artefact }: Dossier): PredicateOf<'inspection'>['coverage'] {
  const full = new Set(
    files.filter(({ reading }) => reading === undefined || reading === 'full').map(({ path }) => path),
  )
  const opened = artefact.files.filter(({ path }) => full.has(path))
  const bytes = opened.reduce((sum, { size }) => sum + size, 0)
  return { bytes, filesOpened: opened.length, filesRefused: artefact.files.length - opened.length }
}

function describeFinding({
  rule,
  grade,
  basis,
  path,
  offset,
  length,
}: Finding): PredicateOf<'inspection'>['findings'][0] {
  const range = offset === undefined || length === undefined ? {} : { range: { offset, length } }
  return { rule, grade, basis, path: path.slice(0, 1000), ...range }
}

/** What the inspection found. */
export function sayInspection(assembled: AssembledDossier): Saying<'inspection'> {
  const { audit, tool } = assembled.dossier
  return {
    ...shared(assembled),
    scanners: [{ name: tool.name, version: tool.version, rules: audit.rules }],
    coverage: coverageOf(audit, assembled.dossier),
    findings: audit.findings.slice(0, MOST_FINDINGS).map(describeFinding),
    verdict: audit.verdict,
  }
}

/** A probability whose logarithm is known, as decimal text. @example toDecimal(-2) // '1.00e-2' */
export function toDecimal(log10p: number): string {
  if (log10p > -1e-9) return '1'
  const exponent = Math.floor(log10p)
  const digits = (10 ** (log10p - exponent)).toFixed(2)
  return digits === '10.00' ? `1.00e${exponent + 1}`.replace('e0', '') : `${digits}e${exponent}`
}

const OPEN: ReadonlySet<ComparisonVerdict> = new Set(['common-origin', 'inconclusive', 'insufficient'])

function isChild({ comparison }: TraceCandidate): boolean {
  return KIN_VERDICTS.has(comparison.verdict) && comparison.direction === 'a-from-b'
}

/** What the weights say, in the words of the statement. Who came from whom is said only where a sign decides it. */
function relationOf(candidates: readonly TraceCandidate[]): PredicateOf<'provenance-report'>['relation'] {
  const parents = candidates.filter(isChild)
  if (parents.some(({ comparison }) => comparison.verdict === 'merge')) return 'merge'
  if (parents.length > 0) return 'derived'
  const open = candidates.some(({ comparison: { verdict } }) => KIN_VERDICTS.has(verdict) || OPEN.has(verdict))
  return open ? 'undetermined' : 'none'
}

type Method = PredicateOf<'provenance-report'>['methods'][0]

function describeMethod(
  name: string,
  version: string,
  { log10p, nullModel }: { readonly log10p: number; readonly nullModel: string },
): Method {
  return { id: name.slice(0, 200), version, nullModel, statistic: log10p.toFixed(3), pValue: toDecimal(log10p) }
}

/** All tests of a pair together, which every comparison has. */
function describePair({ artefact, log10p, method }: Pick<TracedStranger, 'artefact' | 'log10p' | 'method'>): Method {
  const nullModel = 'neither model descends from the other, nor both from a third'
  return describeMethod(`all tests against ${artefact.ref}`, method.version, { log10p, nullModel })
}

function describeTests({ artefact, comparison }: TraceCandidate): readonly Method[] {
  const { tests, method } = comparison
  return tests.flatMap(({ id, view, assumption, log10p }) =>
    log10p === null
      ? []
      : [describeMethod(`${id} ${view} against ${artefact.ref}`, method.version, { log10p, nullModel: assumption })],
  )
}

/** A model by its name and digests, as the register has them. */
export interface NamedDigests {
  readonly name: string
  readonly sha256: string
  readonly dirHash: string
}

/**
 * What the weights say of descent, or undefined when there was nothing to compare with. Of many that were screened the
 * best would look good by chance, so its probability is taken times their number.
 *
 * @param compared the models that were compared in full, as the register names them
 */
export function sayProvenance(
  assembled: AssembledDossier,
  compared: readonly NamedDigests[],
): Saying<'provenance-report'> | undefined {
  const { artefact, trace } = assembled.dossier
  const { candidates, withoutEvidence = [], screened = candidates.length } = trace
  if (compared.length === 0) return undefined
  const pairs = [
    ...candidates.map(({ artefact: other, comparison }) => ({ ...comparison, artefact: other })),
    ...withoutEvidence,
  ]
  const untested = [...new Set(pairs.flatMap((pair) => pair.untested))]
  const best = Math.min(0, ...pairs.map(({ log10p }) => log10p)) + Math.log10(Math.max(1, screened))
  const edges = candidates.filter(isChild)
  return {
    ...shared(assembled),
    question: {
      child: describeModel(artefact.source.ref, artefact.digests),
      candidateParents: compared.slice(0, MOST_PARENTS).map(({ name, ...digests }) => describeModel(name, digests)),
    },
    methods: [...pairs.map(describePair), ...candidates.flatMap(describeTests)].slice(0, MOST_METHODS),
    combined: {
      pValue: toDecimal(best),
      correction: `family-wise over all tests of a pair, times the ${screened} models screened`,
    },
    relation: relationOf(candidates),
    lineage: edges.map(({ artefact: { id }, comparison }) => ({
      child: artefact.id,
      parent: id,
      relation: comparison.verdict,
    })),
    limits: sha256(untested.join('\n')),
  }
}

/** What is given to a certificate. */
export type Assigned = Pick<PredicateOf<'clearance'>, 'number' | 'expiresOn' | 'basedOn' | 'statusIndex'>

/** What was decided. @param blocks digest of the block lists */
export function sayClearance(assembled: AssembledDossier, assigned: Assigned, blocks: string): Saying<'clearance'> {
  const { dossier, digest } = assembled
  const { decision, channel, reasons } = dossier.decision
  const common = shared(assembled)
  return {
    ...common,
    evidence: [...common.evidence, { name: 'blocks', digest: { sha256: blocks } }],
    ...assigned,
    decision,
    channel,
    reasons,
    dossier: { name: DOSSIER_FILES.dossier, digest: { sha256: digest } },
  }
}

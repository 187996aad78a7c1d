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
import type { AssembledDossier, Dossier, TraceCandidate } from '../../dossier/index.ts'
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

const KIN = new Set(['identical', 're-derived', 'derived', 'merge', 'common-origin'])
const OPEN = new Set(['common-origin', 'inconclusive', 'insufficient'])

function isChild({ comparison }: TraceCandidate): boolean {
  return KIN.has(comparison.verdict) && comparison.direction === 'a-from-b'
}

/** What the weights say, in the words of the statement. Who came from whom is said only where a sign decides it. */
function relationOf(candidates: readonly TraceCandidate[]): PredicateOf<'provenance-report'>['relation'] {
  const parents = candidates.filter(isChild)
  if (parents.some(({ comparison }) => comparison.verdict === 'merge')) return 'merge'
  if (parents.length > 0) return 'derived'
  const open = candidates.some(({ comparison: { verdict } }) => KIN.has(verdict) || OPEN.has(verdict))
  return open ? 'undetermined' : 'none'
}

function describeMethods({ artefact, comparison }: TraceCandidate): PredicateOf<'provenance-report'>['methods'] {
  const { tests, method } = comparison
  const tested = tests.flatMap((test) => (test.log10p === null ? [] : [{ ...test, log10p: test.log10p }]))
  return tested.map(({ id, view, assumption, log10p }) => ({
    id: `${id} ${view} against ${artefact.ref}`.slice(0, 200),
    version: method.version,
    nullModel: assumption === '' ? 'no descent' : assumption,
    statistic: log10p.toFixed(3),
    pValue: toDecimal(log10p),
  }))
}

/** A model by its name and digests, as the register has them. */
export interface NamedDigests {
  readonly name: string
  readonly sha256: string
  readonly dirHash: string
}

/**
 * What the weights say of descent, or undefined when there was nothing to compare with.
 *
 * @param parents the candidates, as the register names them
 */
export function sayProvenance(
  assembled: AssembledDossier,
  parents: readonly NamedDigests[],
): Saying<'provenance-report'> | undefined {
  const { artefact, trace } = assembled.dossier
  const { candidates } = trace
  if (parents.length === 0) return undefined
  const untested = [...new Set(candidates.flatMap(({ comparison }) => comparison.untested))]
  const best = Math.min(0, ...candidates.map(({ comparison }) => comparison.log10p))
  const edges = candidates.filter(isChild)
  return {
    ...shared(assembled),
    question: {
      child: describeModel(artefact.source.ref, artefact.digests),
      candidateParents: parents.slice(0, MOST_PARENTS).map(({ name, ...digests }) => describeModel(name, digests)),
    },
    methods: candidates.flatMap(describeMethods).slice(0, MOST_METHODS),
    combined: { pValue: toDecimal(best), correction: 'family-wise over all tests of a pair, in log space' },
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

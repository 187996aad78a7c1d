/**
 * What a bill of materials says of a model, before it is written in anybody's format.
 *
 * Everything in it was read from the files or decided by the customs house; nothing is guessed. What a model card
 * claims stands as declared. Ancestors are those that the weights name, each with the test behind it: kin whose
 * direction is open are relatives and no ancestors, because a bill that names a parent accuses.
 *
 * Guarantee: the files with their digests are all of the files, so that the identity of the model can be computed from
 * the bill again; `identify-bill.ts` does.
 */
import type { Dossier, TraceCandidate } from '../../dossier/index.ts'
import type { ArtefactFacts, FileFacts } from '../../formats/index.ts'
import type { ManifestFile } from '../../base/index.ts'
import { KIN_VERDICTS, type Comparison } from '../../lineage/index.ts'

/** One file of the model. */
export interface BilledFile extends ManifestFile {
  /** Bytes. */
  readonly size: number
}

/** A model to which the weights are related. */
export interface BilledRelative {
  readonly name: string
  /** `tw1:` and the dirHash. */
  readonly modelId: string
  /** `derived`, `merge`, `re-derived` …, in the words of the comparison. */
  readonly relation: string
  /** log10 of an upper bound of P under the null, as decimal text. */
  readonly log10p: string
  /** Version of the method, and its seed. */
  readonly method: string
  /** What was done to the weights, in words. */
  readonly transformations: readonly string[]
}

/** The certificate on which the bill rests. */
export interface BilledCertificate {
  readonly number: string
  readonly decision: string
  /** RFC 3339. */
  readonly issuedAt: string
  /** The last day, `2027-11-23`. */
  readonly expiresOn: string
  readonly issuer: { readonly keyId: string; readonly name?: string }
  readonly assurance: string
  /** SHA-256 of the dossier. */
  readonly dossier: string
  /** Hex hash of the leaf of the log: the identity of the statement. */
  readonly leafHash: string
}

/** A metric of a test that was run by a station. */
export interface BilledMetric {
  readonly type: string
  readonly value: string
  readonly low?: string
  readonly high?: string
}

/** See the module. */
export interface ModelBill {
  readonly name: string
  readonly modelId: string
  readonly digests: { readonly sha256: string; readonly dirHash: string }
  readonly files: readonly BilledFile[]
  /** As declared in model card or file: `apache-2.0`, or a name of the vendor's own. */
  readonly licences: readonly string[]
  readonly task?: string
  /** `llama`. */
  readonly architectureFamily?: string
  /** `LlamaForCausalLM`. */
  readonly architecture?: string
  /** Number of elements of all tensors. */
  readonly parameters: number
  /** Types of the tensors, sorted. */
  readonly types: readonly string[]
  readonly datasets: readonly string[]
  /** What the model card calls the base. */
  readonly declaredBases: readonly string[]
  readonly ancestors: readonly BilledRelative[]
  readonly descendants: readonly BilledRelative[]
  /** Kin of which it is open who came from whom. */
  readonly relatives: readonly BilledRelative[]
  readonly metrics: readonly BilledMetric[]
  /** What was not tested, in words. */
  readonly limits: readonly string[]
  readonly audit: { readonly verdict: string; readonly findings: number }
  readonly tool: { readonly name: string; readonly version: string }
  readonly certificate: BilledCertificate
}

type Direction = Comparison['direction']

function textsOf(facts: ArtefactFacts, keys: readonly string[]): readonly string[] {
  const found = facts.files
    .flatMap((file) => file.metadata)
    .filter(({ key }) => keys.includes(key))
    .flatMap(({ value }) => value)
  return [...new Set(found.filter((value): value is string => typeof value === 'string' && value !== ''))]
}

function countParameters(files: readonly FileFacts[]): number {
  const tensors = files.flatMap((file) => file.tensors)
  return tensors.reduce((sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1), 0)
}

function describeRelative({ artefact, comparison }: TraceCandidate): BilledRelative {
  return {
    name: artefact.ref,
    modelId: artefact.id,
    relation: comparison.verdict,
    log10p: comparison.log10p.toFixed(1),
    method: `${comparison.method.version}, seed ${comparison.method.seed}`,
    transformations: comparison.transformations,
  }
}

function optional(name: 'task' | 'architecture' | 'architectureFamily', values: readonly string[]): Partial<ModelBill> {
  const [first] = values
  return first === undefined ? {} : { [name]: first }
}

function describeContent(facts: ArtefactFacts): Omit<Partial<ModelBill>, 'files'> {
  return {
    ...optional('task', textsOf(facts, ['/pipeline_tag'])),
    ...optional('architecture', textsOf(facts, ['/architectures'])),
    ...optional('architectureFamily', textsOf(facts, ['/model_type', 'general.architecture'])),
  }
}

/** What the bill is made of. */
export interface BillInput {
  readonly dossier: Dossier
  readonly facts: ArtefactFacts
  readonly certificate: BilledCertificate
  /** Of an annual test, where one was made. */
  readonly metrics?: readonly BilledMetric[]
}

/** Puts the bill together from the evidence; see the module. In `trace`, A is this model. */
export function billModel({ dossier, facts, certificate, metrics = [] }: BillInput): ModelBill {
  const { artefact, audit, trace, tool } = dossier
  const kin = trace.candidates.filter(({ comparison }) => KIN_VERDICTS.has(comparison.verdict))
  const relatives = (...directions: readonly Direction[]): readonly BilledRelative[] =>
    kin.filter(({ comparison }) => directions.includes(comparison.direction)).map(describeRelative)
  const compared = [...trace.candidates.map(({ comparison }) => comparison), ...(trace.withoutEvidence ?? [])]
  const untested = compared.flatMap((comparison) => comparison.untested)
  return {
    name: artefact.source.ref,
    modelId: artefact.id,
    digests: artefact.digests,
    files: artefact.files.map(({ path, size, sha256 }) => ({ path, size, sha256 })),
    licences: textsOf(facts, ['/license', '/license_name', 'general.license']).filter((name) => name !== 'other'),
    ...describeContent(facts),
    parameters: countParameters(facts.files),
    types: [...new Set(facts.files.flatMap((file) => file.tensors.map(({ type }) => type)))].toSorted(),
    datasets: textsOf(facts, ['/datasets']),
    declaredBases: textsOf(facts, ['/base_model']),
    ancestors: relatives('a-from-b'),
    descendants: relatives('b-from-a'),
    relatives: relatives('open', 'none'),
    metrics,
    limits: [...new Set([...(compared.length === 0 ? [trace.note] : []), ...untested])],
    audit: { verdict: audit.verdict, findings: audit.findings.length },
    tool,
    certificate,
  }
}

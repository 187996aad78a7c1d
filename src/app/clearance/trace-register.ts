/**
 * Tracing a model against the register.
 *
 * Every fingerprint of the register is screened cheaply, in a large register by its index; the most promising are
 * compared in full. The model itself is no candidate of its own. Whoever shows no sign of kinship is named as that, so that
 * it can be said of whom no evidence was found.
 */
import type { TraceCandidate, TracedStranger, TraceReport } from '../../dossier/index.ts'
import {
  compareModels,
  decodeFingerprint,
  encodeFingerprint,
  indexRow,
  ModelIndex,
  rankAmong,
  screenFingerprint,
  screenIndex,
  type Fingerprint,
  type ImpostorPanel,
} from '../../lineage/index.ts'
import { markMerges, markParents, placesOf, type Attribution } from '../../lineage/attribution/index.ts'
import type { FingerprintRecord, Register } from '../../register/index.ts'
import { isFault, sha256, toFault } from '../../base/index.ts'
import { indexFolder, indexRows } from './index-place.ts'
import type { StageInput } from './open-model.ts'
import { syncIndex, type IndexSource } from './sync-index.ts'

/** Candidates that are compared in full, at most. */
export const MOST_CANDIDATES = 16
/** Fingerprints up to which all of a register are looked at. */
const WALKED_UP_TO = 256

/** What is traced. */
export interface TraceInput extends StageInput {
  /** Identity of the artefact. */
  readonly artefact: string
  readonly fingerprint: Fingerprint
  readonly register: Pick<Register, 'fingerprints' | 'fingerprintsOf'> & IndexSource
  /** Fingerprints up to which a register is looked at one by one; {@link WALKED_UP_TO} when left out. */
  readonly walkUpTo?: number
}

interface Screened {
  readonly record: FingerprintRecord
  readonly fingerprint: Fingerprint
  readonly score: number
}

/** The fingerprints that are looked at one by one, and how many stand behind that choice. */
interface Shortlist {
  readonly records: AsyncIterable<FingerprintRecord>
  /** Models that were screened by the index; null when all are looked at. */
  readonly screened: number | null
}

/** Models that the index puts first and whose fingerprints are then read. */
const SHORTLISTED = 128

/** Asks the index, made or brought up to date first. */
async function askIndex({
  context,
  register,
  artefact,
  fingerprint,
  signal,
  terminal,
}: TraceInput): Promise<Shortlist> {
  const folder = indexFolder(context)
  const stage = terminal.stage('index')
  const onProgress = ({ done, total }: { done: number; total: number }): void =>
    stage.update(`${done} of ${total} models indexed`)
  await syncIndex(register, { folder, signal, onProgress })
  const index = ModelIndex.open(indexRows(folder))
  try {
    const { models } = index.manifest
    const hits = screenIndex(index, indexRow(fingerprint), { most: SHORTLISTED + 1 })
    const others = hits.map(({ model }) => model).filter((model) => model !== artefact)
    stage.done(`${models} models screened, ${others.length} looked at`)
    const records = register.fingerprintsOf(others)
    return { records, screened: models - Number(hits.length > others.length) }
  } finally {
    index.close()
  }
}

/** All fingerprints of a small register; of a large one those that the index puts first, if there can be an index. */
async function shortlist(input: TraceInput): Promise<Shortlist> {
  const { context, register, walkUpTo = WALKED_UP_TO } = input
  const { fingerprints } = await register.screeningState()
  if (fingerprints > walkUpTo) {
    try {
      return await askIndex(input)
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown
      context.log.warn({ reason: thrown.message }, 'trace.without-index')
    }
  }
  return { records: register.fingerprints(), screened: null }
}

interface RegisterScreen {
  readonly promising: readonly Screened[]
  readonly screened: number
  /** Scores of the models that have the shape of this one; null when the index chose whom to look at. */
  readonly panel: readonly number[] | null
}

async function screenRegister(input: TraceInput): Promise<RegisterScreen> {
  const { artefact, fingerprint, signal, context } = input
  const { records, screened } = await shortlist(input)
  let promising: Screened[] = []
  let looked = 0
  const panel: number[] = []
  for await (const record of records) {
    signal.throwIfAborted()
    if (record.modelId === artefact) continue
    looked += 1
    try {
      const other = decodeFingerprint(record.bytes)
      const score = screenFingerprint(fingerprint, other)
      promising.push({ record, fingerprint: other, score })
      if (other.width === fingerprint.width) panel.push(score)
    } catch (thrown) {
      context.log.warn({ model: record.modelId, reason: toFault(thrown).message }, 'trace.fingerprint-unreadable')
    }
    promising = promising.toSorted((a, b) => b.score - a.score).slice(0, MOST_CANDIDATES)
  }
  return { promising, screened: screened ?? looked, panel: screened === null ? panel : null }
}

const STRENGTH = [
  'identical',
  're-derived',
  'merge',
  'derived',
  'common-origin',
  'inconclusive',
  'no-weight-evidence',
  'insufficient',
]

/**
 * Best first, by verdict, then by the attribution's order, then by probability. Candidates that gave different layers,
 * and those that a recipe names, are parents of a merge.
 */
export function rankCandidates(
  candidates: readonly TraceCandidate[],
  attribution: Attribution | null = null,
): readonly TraceCandidate[] {
  const named = candidates.map((candidate) => ({ ...candidate, ref: candidate.artefact.ref }))
  // Siblings of a parent agree in the same layers as it does; a recipe names the parent alone.
  const marked = attribution?.outcome === 'merge' ? markParents(named, attribution) : markMerges(named)
  const places = attribution === null ? new Map<string, number>() : placesOf(attribution)
  const placeOf = (ref: string): number => places.get(ref) ?? places.size
  return marked
    .toSorted(
      (a, b) =>
        STRENGTH.indexOf(a.comparison.verdict) - STRENGTH.indexOf(b.comparison.verdict) ||
        placeOf(a.ref) - placeOf(b.ref) ||
        a.comparison.log10p - b.comparison.log10p,
    )
    .map(({ artefact, standing, comparison }) => ({ artefact, standing, comparison }))
}

/** The candidate's own score is in the panel once. */
function rankInPanel(score: number, panel: readonly number[]): ImpostorPanel {
  return rankAmong(score, panel.toSpliced(panel.indexOf(score), 1))
}

function namesStranger({ artefact, comparison }: TraceCandidate): readonly TracedStranger[] {
  if (comparison.verdict !== 'no-weight-evidence') return []
  const { log10p, untested, method } = comparison
  return [{ artefact, log10p, untested, method: { version: method.version, seed: method.seed } }]
}

/** Traces a fingerprint against all of the register. */
export async function traceRegister(input: TraceInput): Promise<TraceReport> {
  const { artefact, fingerprint, terminal, signal } = input
  const stage = terminal.stage('trace')
  const { promising, screened, panel } = await screenRegister(input)
  const candidates: TraceCandidate[] = []
  for (const { record, fingerprint: other, score } of promising) {
    signal.throwIfAborted()
    stage.update(record.ref)
    const compared = await compareModels({ fingerprint }, { fingerprint: other }, { signal })
    const isRanked = panel !== null && other.width === fingerprint.width
    const comparison = isRanked ? { ...compared, panel: rankInPanel(score, panel) } : compared
    candidates.push({ artefact: { ref: record.ref, id: record.modelId }, standing: record.standing, comparison })
  }
  const kin = candidates.filter(
    ({ comparison }) => STRENGTH.indexOf(comparison.verdict) <= STRENGTH.indexOf('inconclusive'),
  )
  const models = screened === 1 ? '1 model' : `${screened} models`
  const note =
    screened === 0
      ? 'the register holds no other model yet; nothing to compare with'
      : `${models} of the register screened, ${candidates.length} compared in full, ${kin.length} with something to say`
  stage.done(note)
  return {
    schema: 'tidewaiter/trace/v1',
    artefact,
    fingerprint: sha256(encodeFingerprint(fingerprint)),
    candidates: rankCandidates(kin),
    withoutEvidence: candidates.flatMap(namesStranger),
    screened,
    note,
  }
}

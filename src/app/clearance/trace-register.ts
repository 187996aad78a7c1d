/**
 * Tracing a model against the register.
 *
 * Every fingerprint of the register is screened cheaply; the most promising are compared in full. The model itself is
 * no candidate of its own. A candidate without any sign is counted but not listed.
 */
import type { TraceCandidate, TraceReport } from '../../dossier/index.ts'
import {
  compareModels,
  decodeFingerprint,
  encodeFingerprint,
  markMerges,
  rankAmong,
  screenFingerprint,
  type Fingerprint,
  type ImpostorPanel,
} from '../../lineage/index.ts'
import type { FingerprintRecord, Register } from '../../register/index.ts'
import { sha256, toFault } from '../../base/index.ts'
import type { StageInput } from './open-model.ts'

/** Candidates that are compared in full, at most. */
export const MOST_CANDIDATES = 16

/** What is traced. */
export interface TraceInput extends StageInput {
  /** Identity of the artefact. */
  readonly artefact: string
  readonly fingerprint: Fingerprint
  readonly register: Pick<Register, 'fingerprints'>
}

interface Screened {
  readonly record: FingerprintRecord
  readonly fingerprint: Fingerprint
  readonly score: number
}

async function screenRegister({ artefact, fingerprint, register, signal, context }: TraceInput): Promise<{
  readonly promising: readonly Screened[]
  readonly screened: number
  /** Scores of the models that have the shape of this one. */
  readonly panel: readonly number[]
}> {
  let promising: Screened[] = []
  let screened = 0
  const panel: number[] = []
  for await (const record of register.fingerprints()) {
    signal.throwIfAborted()
    if (record.modelId === artefact) continue
    screened += 1
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
  return { promising, screened, panel }
}

const STRENGTH = [
  'identical',
  're-derived',
  'derived',
  'merge',
  'common-origin',
  'inconclusive',
  'no-weight-evidence',
  'insufficient',
]

/** Best first, by verdict, then by probability; candidates that gave different layers are parents of a merge. */
export function rankCandidates(candidates: readonly TraceCandidate[]): readonly TraceCandidate[] {
  const named = candidates.map((candidate) => ({ ...candidate, ref: candidate.artefact.ref }))
  const marked = markMerges(named).map(({ artefact, standing, comparison }) => ({ artefact, standing, comparison }))
  return marked.toSorted(
    ({ comparison: a }, { comparison: b }) =>
      STRENGTH.indexOf(a.verdict) - STRENGTH.indexOf(b.verdict) || a.log10p - b.log10p,
  )
}

/** The candidate's own score is in the panel once. */
function rankInPanel(score: number, panel: readonly number[]): ImpostorPanel {
  return rankAmong(score, panel.toSpliced(panel.indexOf(score), 1))
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
    const comparison = other.width === fingerprint.width ? { ...compared, panel: rankInPanel(score, panel) } : compared
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
    note,
  }
}

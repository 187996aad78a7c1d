/**
 * Attribution: which of several kin are the parents, in which order, and with which weights.
 *
 * Every part of the suspect is read once beside the same part of all candidates. Candidates that are no kin are not
 * admitted: a regression gives anything a weight, and only kinship makes a weight mean something.
 */
import type { ModelSide } from '../compare.ts'
import type { Comparison } from '../weights/comparison.ts'
import { partSize } from '../weights/part.ts'
import { pairSeed } from '../weights/sampling.ts'
import { openWeights, type Weights } from '../weights/weights.ts'
import type { Attribution } from './attribution.ts'
import { conclude, type Conclusion } from './conclude.ts'
import { describeFinding } from './describe.ts'
import { accumulate } from './gram.ts'
import { rankParents } from './rank-parents.ts'
import { planStreams, type Candidate, type Stream } from './streams.ts'
import { survey } from './survey.ts'

/** A candidate with its weights and its comparison, in which the suspect is A. */
export interface AttributedCandidate {
  readonly ref: string
  readonly side: ModelSide
  readonly comparison: Pick<Comparison, 'verdict' | 'layers' | 'direction' | 'log10p'>
}

/** How to go about it. */
export interface AttributeOptions {
  readonly signal?: AbortSignal
}

/** Most candidates that are held together; those with the strongest evidence. */
const MOST_CANDIDATES = 8
/** Elements that are kept for tests one by one, over all parts. */
const SAMPLED = 262_144
const LEAST_SAMPLED = 64

const KIN = new Set<Comparison['verdict']>(['identical', 're-derived', 'derived', 'merge', 'common-origin'])

function admit(candidates: readonly AttributedCandidate[]): AttributedCandidate[] {
  const kin = candidates.filter(({ comparison }) => KIN.has(comparison.verdict))
  if (kin.length <= MOST_CANDIDATES) return kin
  const strongest = new Set(kin.toSorted((x, y) => x.comparison.log10p - y.comparison.log10p).slice(0, MOST_CANDIDATES))
  return kin.filter((each) => strongest.has(each))
}

type Kinship = AttributedCandidate['comparison']

function isChildOf({ direction }: Kinship): boolean {
  return direction === 'b-from-a'
}

function partnersIn({ layers }: Kinship): ReadonlyMap<number, number> {
  return new Map(layers.flatMap(({ a, b }) => (b === null ? [] : [[a, b]])))
}

/** Streams must hold this share of the suspect's weights. */
const MOST = 0.9

/** Why nothing is concluded; null when the streams hold nearly all of the model. */
function partReason({ model }: Weights, plan: readonly Stream[]): Conclusion | null {
  const all = model.parts.reduce((sum, part) => sum + partSize(part), 0)
  const held = plan.reduce((sum, { part }) => sum + partSize(part), 0)
  if (plan.length === 0 || held >= MOST * all) return null
  const share = ((100 * held) / all).toFixed(1)
  const reason = `Only ${share} % of the weights can be held against those of a candidate; nothing is concluded about recipes.`
  return { outcome: 'none', finding: null, reasons: [reason] }
}

/**
 * Attributes a suspect to some of the candidates; see the module.
 *
 * @throws Fault `truncated`, `changed-while-read`
 */
export function attribute(
  suspect: ModelSide,
  candidates: readonly AttributedCandidate[],
  options: AttributeOptions = {},
): Attribution {
  const admitted = admit(candidates)
  const weights = openWeights(suspect.opened, suspect.facts)
  const opened: Candidate[] = []
  try {
    for (const { ref, side, comparison } of admitted)
      opened.push({ ref, weights: openWeights(side.opened, side.facts), partners: partnersIn(comparison) })
    const seed = pairSeed(weights.id, weights.id)
    const plan = planStreams(weights, opened, seed)
    const total = plan.reduce((sum, { rows, part }) => sum + rows.length * part.columns, 0)
    const streams = plan.map((stream) => {
      options.signal?.throwIfAborted()
      const share = (stream.rows.length * stream.part.columns) / total
      const sampled = Math.max(LEAST_SAMPLED, Math.ceil(SAMPLED * share))
      return accumulate({ suspect: weights, candidates: opened }, stream, sampled)
    })
    const children = new Set(admitted.flatMap(({ comparison }, i) => (isChildOf(comparison) ? [i] : [])))
    const refs = admitted.map(({ ref }) => ref)
    const { outcome, finding, reasons } = partReason(weights, plan) ?? conclude(survey(refs, streams, children))
    const ranking = rankParents(
      streams,
      admitted.map(({ ref, comparison }, member) => ({
        ref,
        member,
        isChild: isChildOf(comparison),
      })),
    )
    return { outcome, finding, ranking, reasons: [...(finding === null ? [] : describeFinding(finding)), ...reasons] }
  } finally {
    weights.close()
    for (const each of opened) each.weights.close()
  }
}

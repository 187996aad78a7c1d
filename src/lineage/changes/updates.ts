/**
 * What kind of update separates two models of one shape: a LoRA with its rank and targets, a fine-tuning of everything
 * or of some parts, or training that went on for long.
 *
 * Ranks are said of each target; a full-rank update is said with its size in standard deviations of the weights.
 */
import { listNumbers } from '../../base/index.ts'
import type { Change } from '../weights/change.ts'
import type { ComparedPart } from '../weights/equality-evidence.ts'
import { describePart } from '../weights/part.ts'
import { isSameShape } from '../weights/part-pairs.ts'
import { SHARED_TRAINING_AT, type SharedTraining } from '../weights/shared-training.ts'
import { rankOf, readDelta, type Delta, type Rank } from './delta.ts'
import { median, spread, type ChangePlaces } from './places.ts'

/** Differences of which the rank is found, evenly from all; the rest is counted only. */
const MOST_RANKED = 64
const FIRST = 4
/** Rows and columns of a matrix whose rank says something. */
const LEAST_SIZE = 16
/** Below this cosine of units training went on for as long as it had before, or longer. */
const CONTINUED = 0.9

interface Update {
  readonly part: ComparedPart
  readonly delta: Delta
  readonly rank: Rank
}

function roleOf({ sample }: ComparedPart): string {
  return describePart({ ...sample.pair.a, layer: -1, expert: -1 })
}

/** Stops when the first few are of full rank: then the others say no more. */
function readUpdates({ a, b, seed }: ChangePlaces, differing: readonly ComparedPart[]): Update[] {
  const updates: Update[] = []
  for (const part of spread(differing, MOST_RANKED)) {
    const delta = readDelta(a, b, { pair: part.sample.pair, seed })
    if (delta === null) continue
    updates.push({ part, delta, rank: rankOf(delta) })
    if (updates.length === FIRST && updates.every(({ rank }) => !rank.isLow)) break
  }
  return updates
}

function describeRanks(updates: readonly Update[]): string {
  const byRole = Map.groupBy(updates, ({ part }) => roleOf(part))
  return [...byRole]
    .map(([role, all]) => {
      const ranks = [...new Set(all.map(({ rank }) => rank.rank))].toSorted((x, y) => x - y).join(' or ')
      const layers = all.map(({ part }) => part.sample.pair.a.layer).filter((layer) => layer >= 0)
      return `rank ${ranks} in ${role}${layers.length === 0 ? '' : ` of ${layers.length === 1 ? 'layer' : 'layers'} ${listNumbers(layers.toSorted((x, y) => x - y))}`}`
    })
    .join(', ')
}

function lowRankChange(updates: readonly Update[], of: number): Change[] {
  const last = Math.min(...updates.map(({ rank }) => rank.last))
  const next = Math.max(...updates.map(({ rank }) => rank.next))
  const edges = `the weakest direction at ${last.toFixed(1)} times the edge of rounding, the next at ${next.toFixed(1)}`
  const some = of > MOST_RANKED ? `; ranks of ${updates.length} of ${of} updates were taken` : ''
  return [{ text: `low-rank update (LoRA, merged): ${describeRanks(updates)}; ${edges}${some}`, child: null }]
}

function fullChange(
  updates: readonly Update[],
  count: number,
  at: { readonly equal: number; readonly shared: SharedTraining },
): Change[] {
  const size = median(updates.map(({ delta }) => (delta.scale > 0 ? delta.size / delta.scale : 0)))
  const moved = `${count} matrices moved by an update of full rank, ${size.toFixed(3)} standard deviations in the median`
  const {
    equal,
    shared: { cosine },
  } = at
  if (cosine !== null && cosine < CONTINUED)
    return [
      {
        text: `changed far, as by continued training: ${moved}; mean cosine ${cosine.toFixed(3)} between units`,
        child: null,
      },
    ]
  return [{ text: `changed ${equal === 0 ? 'as a whole' : 'in part'}, as by fine-tuning: ${moved}`, child: null }]
}

/** Of models that only began alike, the difference is no update. */
function isLearnedTogether({ gains, overlap, cosine }: SharedTraining): boolean {
  const { gains: atGains, overlap: atOverlap, cosine: atCosine } = SHARED_TRAINING_AT
  return (gains ?? 1) >= atGains && (overlap ?? 1) >= atOverlap && (cosine ?? 0) >= atCosine
}

/** Names what differs when something is equal. */
function namedParts(differing: readonly ComparedPart[], equal: number): Change[] {
  const roles = [...new Set(differing.map(roleOf))].join(', ')
  return [{ text: `only ${roles} of ${differing.length} parts differ, the other ${equal} are equal`, child: null }]
}

/** At least this share of equal parts makes those that differ worth naming. */
const MOSTLY_EQUAL = 0.25
/** More zeros than this on one side only are pruning, and no update. */
const ZEROS = 0.05

function isUpdated({ sample, agreement }: ComparedPart): boolean {
  if (agreement !== 'different' || !isSameShape(sample.pair)) return false
  if (Math.min(sample.pair.a.rows, sample.pair.a.columns) < LEAST_SIZE) return false
  return Math.abs(sample.zerosA - sample.zerosB) <= ZEROS * sample.elements
}

/** All of it; see the module. */
export function updateChanges(places: ChangePlaces, shared: SharedTraining): Change[] {
  const differing = places.parts.filter(({ agreement }) => agreement === 'different')
  const equal = places.parts.length - differing.length
  if (differing.length === 0) return []
  const named = equal >= MOSTLY_EQUAL * places.parts.length ? namedParts(differing, equal) : []
  const updated = differing.filter(isUpdated)
  const updates = readUpdates(places, updated)
  if (updates.length === 0) return named
  if (updates.every(({ rank }) => rank.isLow)) return [...named, ...lowRankChange(updates, updated.length)]
  return isLearnedTogether(shared) ? [...named, ...fullChange(updates, updated.length, { equal, shared })] : named
}

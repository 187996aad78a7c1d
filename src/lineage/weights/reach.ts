/**
 * How far the tests of a pair reach: what they could not look at, in words.
 *
 * A verdict that found nothing says no more than these sentences leave.
 */
import { NEVER_SEEN, NEVER_TESTED, UNSEEN_BY_NUMBERS } from './evidence.ts'
import { MIN_WIDTH } from './fixed-point.ts'
import { residualWidth, testableMlps } from './mlp.ts'
import type { Tested } from './run-tests.ts'
import type { Weights } from './weights.ts'

/** Why a model cannot be compared, if it cannot. */
export function unusableNote(name: string, { model: { unusable } }: Weights): string[] {
  return unusable === null ? [] : [`${name}: ${unusable}.`]
}

/** Why a model is too narrow for verdicts, if it is. */
export function narrownessOf(weights: Weights, name: string): string[] {
  const width = residualWidth(weights.model)
  const hasLayers = weights.model.layers === 0 || testableMlps(weights.model).length > 0
  return [
    ...(width > 0 && width < MIN_WIDTH
      ? [`The residual stream of ${name} has ${width} dimensions; verdicts need ${MIN_WIDTH}.`]
      : []),
    ...(hasLayers ? [] : [`All layers of ${name} have fewer than ${MIN_WIDTH} hidden units or none that is known.`]),
  ]
}

/** What stays out of sight although alignment was tried. */
const UNTESTED_AFTER_ALIGNMENT =
  'hidden units renumbered and the residual stream rotated in a model whose embeddings were replaced or trained anew: only a deep inspection looks for that'

const UNTESTED_AFTER_BLIND_ALIGNMENT =
  'hidden units renumbered and the residual stream rotated in a model that was trained on until units kept too little of what they were'

/** What the tests that ran did not look at. */
export function untestedBy({ map, plan, aligned }: Tested): string[] {
  const hasShapes = map.cells.some(({ views }) => views.some(({ view }) => view === 'unit shape'))
  const hasTurned = aligned?.ran.some((test) => test !== 'C2') === true
  const rotation = hasShapes || hasTurned || map.aligned.length > 0 ? [] : ['the residual stream rotated or mixed']
  const width =
    plan.coordinates.length === 0 && !hasTurned
      ? ['residual dimensions removed or added, other than by what unit shapes show']
      : []
  if (aligned === null) return [...rotation, ...width, ...NEVER_TESTED]
  const hidden = aligned.ran.includes('C4') ? UNTESTED_AFTER_BLIND_ALIGNMENT : UNTESTED_AFTER_ALIGNMENT
  const labels = hasTurned ? [hidden] : UNSEEN_BY_NUMBERS
  return [...rotation, ...width, ...labels, ...NEVER_SEEN]
}

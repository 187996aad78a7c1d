/**
 * Matches the layers of two models in a frame, pair by pair of layers.
 *
 * Of many pairs a few are tried first; where none of them agrees at all, the rest is left alone.
 */
import { Fault } from '../../base/index.ts'
import type { Mlp } from '../weights/mlp.ts'
import type { Weights } from '../weights/weights.ts'
import { matchLayers, type Concordance } from './concordance.ts'
import type { Frame } from './frame.ts'
import { layerVectors } from './layer-vectors.ts'
import { drawQueries, type AlignPlan } from './plan.ts'
import { readPool, type Pool } from './pools.ts'

/** One of two models. */
export interface AlignSide {
  readonly weights: Weights
  readonly mlps: readonly Mlp[]
}

/** How to go about it. */
export interface AlignOptions {
  readonly seed: string
  readonly signal?: AbortSignal | undefined
}

/** Bytes of layers that are held at once, for each side. */
const HELD_BYTES = 192 * 1024 * 1024
/** Of more pairs of layers than this, those of some layers are tried first. */
const FEW_PAIRS = 32
const FIRST_LAYERS = 4
/** The bound of a single pair of layers at which the rest is looked at too. */
const PROMISING_LOG10 = -3

/** Reads layers and keeps those that were used last. */
function poolReader(
  side: AlignSide,
  coordinates: Uint32Array,
  at: { plan: AlignPlan; seed: string },
): (place: number) => Pool | null {
  const kept = new Map<number, Pool | null>()
  return (place) => {
    const known = kept.get(place)
    if (known !== undefined) return known
    const mlp = side.mlps[place]
    if (mlp === undefined) return null
    const most = Math.max(1, Math.floor(HELD_BYTES / (3 * 4 * mlp.width * Math.max(1, coordinates.length))))
    const [oldest] = kept.keys()
    if (oldest !== undefined && kept.size >= most) kept.delete(oldest)
    const pool = readPool(layerVectors(side.weights, mlp), coordinates, drawQueries(mlp.width, at.plan, at.seed))
    kept.set(place, pool)
    return pool
  }
}

function stagesOf(plan: AlignPlan): (readonly (readonly [number, number])[])[] {
  if (plan.pairs.length <= FEW_PAIRS) return [plan.pairs]
  const layers = Math.max(...plan.pairs.map(([a]) => a)) + 1
  const step = Math.max(1, Math.floor(layers / FIRST_LAYERS))
  const isFirst = ([a]: readonly [number, number]): boolean => a % step === Math.floor(step / 2)
  return [plan.pairs.filter(isFirst), plan.pairs.filter((pair) => !isFirst(pair))]
}

/** Matches; see the module. @throws Fault `cancelled` */
export function matchModels(
  a: AlignSide,
  b: AlignSide,
  at: AlignOptions & { readonly frame: Frame; readonly plan: AlignPlan },
): Concordance[] {
  const ours = poolReader(a, at.frame.a, at)
  const theirs = poolReader(b, at.frame.b, at)
  const found: Concordance[] = []
  for (const stage of stagesOf(at.plan)) {
    for (const [i, j] of stage) {
      if (at.signal?.aborted === true) throw new Fault('cancelled', 'the comparison was cancelled')
      const [x, y] = [ours(i), theirs(j)]
      const match = x === null || y === null ? null : matchLayers(x, y, at.frame)
      if (match !== null) found.push(match)
    }
    if (!found.some(({ points }) => points.log10p <= PROMISING_LOG10)) break
  }
  return found
}

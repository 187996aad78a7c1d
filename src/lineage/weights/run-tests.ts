/**
 * The tests of kinship on the weights of two models, in the order of the cascade: layer map, residual dimensions, unit
 * shapes where the map was silent, alignment where most labels do not agree.
 *
 * Guarantee: whatever was or may have been looked at is counted and paid for in the bound.
 */
import { Fault } from '../../base/index.ts'
import { alignModels, BOUNDS_PER_PAIR, type AlignmentRun } from '../align/align-models.ts'
import { combineLog10 } from './family-wise.ts'
import { buildLayerMap, isAgreeing, type LayerMap, type ViewCell } from './layer-map.ts'
import { residualWidth, testableMlps, type Mlp } from './mlp.ts'
import { readGains, residualTests, type Gains, type ResidualTest } from './residual.ts'
import { shapeCells } from './shape-cells.ts'
import { planMap, readLayerUnits, viewCells, type MapPlan, type MappedLayer } from './unit-views.ts'
import type { Weights } from './weights.ts'

/** How to go about it. */
export interface GatherOptions {
  readonly seed: string
  /** An alignment that was found by other ways, in place of C2 and C3. */
  readonly aligned?: AlignmentRun
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined
  /** Cells of the map that were filled before. */
  readonly cells?: readonly ViewCell[]
}

/** One model as the tests see it. */
export interface Side {
  readonly weights: Weights
  readonly mlps: readonly Mlp[]
  readonly mapped: readonly MappedLayer[]
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new Fault('cancelled', 'the comparison was cancelled')
}

function readSide(weights: Weights, mlps: readonly Mlp[], plan: MapPlan): Side {
  const mapped =
    plan.coordinates.length === 0
      ? []
      : mlps.map((mlp) => ({ layer: mlp.layer, units: readLayerUnits(weights, mlp, plan) }))
  return { weights, mlps, mapped }
}

function plainCells(a: Side, b: Side, at: { readonly plan: MapPlan; readonly options: GatherOptions }): ViewCell[] {
  return a.mapped.flatMap((layer, i) => {
    throwIfAborted(at.options.signal)
    at.options.onProgress?.({ done: i + 1, total: a.mapped.length })
    return b.mapped.flatMap((other) => viewCells(layer, other, at.plan))
  })
}

function mapLayers(a: Side, b: Side, at: { readonly plan: MapPlan; readonly options: GatherOptions }): LayerMap {
  const layersA = a.weights.model.layers
  const layersB = b.weights.model.layers
  const plain = at.options.cells ?? plainCells(a, b, at)
  const map = buildLayerMap(plain, layersA, layersB)
  if (map.cells.some(({ matched }) => matched)) return map
  const shapes = shapeCells(a, b, at.plan.units)
  return buildLayerMap([...plain, ...shapes], layersA, layersB)
}

/** Bounds that were looked at in a map without alignment, and those that may be after it. */
function countTests(plain: LayerMap, pairs: number): number {
  return plain.cells.reduce((sum, cell) => sum + cell.views.length, 0) + plain.cells.length + BOUNDS_PER_PAIR * pairs
}

/** What the tests found, before anything is said of it. */
export interface Tested {
  readonly a: Side
  readonly b: Side
  readonly plan: MapPlan
  /** The map as units find themselves, and with the layers that agree after alignment. */
  readonly plain: LayerMap
  readonly map: LayerMap
  /** Null when units find themselves and nothing had to be aligned. */
  readonly aligned: AlignmentRun | null
  readonly residual: readonly ResidualTest[]
  /** Bounds that were or may have been looked at. */
  readonly tests: number
  readonly gains: readonly [Gains, Gains]
}

/** Layers whose units find themselves by their vectors. */
function plainLayers({ aligned }: LayerMap): number {
  return aligned.filter((cell) => isAgreeing(cell) && cell.best.view !== 'unit shape').length
}

/** True when those are most layers, so that no label has to be aligned. */
function isMostlyMatched(map: LayerMap): boolean {
  return plainLayers(map) * 2 > Math.min(map.layersA, map.layersB)
}

function alignWith(a: Side, b: Side, options: GatherOptions & { readonly known: number }): AlignmentRun {
  return options.aligned ?? alignModels(a, b, options)
}

function withAligned(plain: LayerMap, run: AlignmentRun | null): LayerMap {
  if (run?.found === null || run === null) return plain
  const views = plain.cells.flatMap((cell) => cell.views)
  return buildLayerMap([...views, ...run.cells], plain.layersA, plain.layersB)
}

/** Runs the tests on two models; see the module. @throws Fault `cancelled` */
export function runTests(a: Weights, b: Weights, options: GatherOptions): Tested {
  const mlpsA = testableMlps(a.model)
  const mlpsB = testableMlps(b.model)
  const plan = planMap(mlpsA, mlpsB, options.seed)
  const sideA = readSide(a, mlpsA, plan)
  const sideB = readSide(b, mlpsB, plan)
  const gains = [readGains(a, residualWidth(a.model)), readGains(b, residualWidth(b.model))] as const
  const plain = mapLayers(sideA, sideB, { plan, options })
  const residual = residualTests({ a, b, gainsA: gains[0], gainsB: gains[1] }, options.seed)
  const aligned = isMostlyMatched(plain) ? null : alignWith(sideA, sideB, { ...options, known: plainLayers(plain) })
  const tests = countTests(plain, mlpsA.length * mlpsB.length) + residual.length
  return { a: sideA, b: sideB, plan, plain, map: withAligned(plain, aligned), aligned, residual, tests, gains }
}

/**
 * The bound of all tests together, as log10. All views of the map pay for having been looked at, and so do those that
 * are only asked when they are silent. Where only some layers may be counted together, the best of the groups counts
 * and pays for the choice.
 */
export function combineTests({ map, residual, tests, aligned }: Tested): number {
  const dimensions = residual.map(({ points }) => ({ log10p: points.log10p, counts: points.sampled }))
  const best = dimensions.toSorted((x, y) => x.log10p - y.log10p).slice(0, 1)
  const halves = aligned?.found === null ? undefined : aligned?.halves
  const groups = halves ?? [map.aligned.map(({ a }) => a)]
  const bounds = groups.map((layers) => {
    const counted = map.aligned.filter(({ a }) => layers.includes(a))
    const cells = counted.map(({ best: { points } }) => ({ log10p: points.log10p, counts: points.sampled }))
    return combineLog10([...cells, ...best], tests)
  })
  return Math.min(0, Math.min(0, ...bounds) + Math.log10(groups.length))
}

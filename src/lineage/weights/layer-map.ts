/**
 * The layer map: every layer of A against every layer of B.
 *
 * Each cell holds the fixed points of each view (gate rows, up rows, down columns, unit shapes). Views of one cell
 * share their units and are not independent, so a cell takes its best view and pays for having looked at all of them.
 * A monotone alignment of greatest evidence pairs the layers; a layer that is left over takes its best significant
 * cell, which shows layers that were doubled or moved.
 *
 * Guarantee: `matched` cells are those whose bound, times the number of cells and views, is at most 1 %; all others
 * are the negative control.
 * Source: S. B. Needleman, C. D. Wunsch, J. Mol. Biol. 48 (1970), with gap penalty 0.
 */
import type { LayerCell } from './comparison.ts'
import type { FixedPoints } from './fixed-point.ts'

/** Which unit each drawn unit found, for those who want to look. */
export interface Neighbours {
  readonly units: Uint32Array
  /** For each of `units` the number of its nearest unit, or −1. */
  readonly nearest: Int32Array
}

/** Fixed points of one view of one cell. */
export interface ViewCell {
  readonly view: string
  readonly a: number
  readonly b: number
  readonly points: FixedPoints
  readonly neighbours?: Neighbours
}

/** A cell with its views. `log10p` already pays for the number of views. */
export interface MapCell extends LayerCell {
  readonly views: readonly ViewCell[]
  /** The view with the smallest bound. */
  readonly best: ViewCell
  readonly matched: boolean
}

/** See the module. */
export interface LayerMap {
  readonly layersA: number
  readonly layersB: number
  readonly cells: readonly MapCell[]
  /** For each layer of A its partner in B, or null. */
  readonly partners: readonly (number | null)[]
  /** Pairs of the monotone alignment: each layer of A and of B at most once. */
  readonly aligned: readonly MapCell[]
}

/** The largest family-wise bound at which a cell counts as matched and leaves the negative control. */
export const MATCH_LOG10 = -2

function toCell(views: readonly ViewCell[], tests: number): MapCell | undefined {
  const [first] = views
  if (first === undefined) return undefined
  const best = views.reduce((least, view) => (view.points.log10p < least.points.log10p ? view : least), first)
  const log10p = Math.min(0, best.points.log10p + Math.log10(views.length))
  return {
    a: first.a,
    b: first.b,
    fixed: views.reduce((sum, { points }) => sum + points.fixed, 0),
    sampled: views.reduce((sum, { points }) => sum + points.sampled, 0),
    log10p,
    views,
    best,
    matched: best.points.log10p + Math.log10(tests) <= MATCH_LOG10,
  }
}

/** Evidence of a cell in decades, 0 when it is not matched. */
function weight(cell: MapCell | undefined): number {
  return cell?.matched === true ? -cell.log10p : 0
}

type Grid = readonly (readonly (MapCell | undefined)[])[]

/** Sums of the best monotone alignment of the first i layers of A with the first j of B. */
function alignmentSums(grid: Grid, columns: number): readonly Float64Array[] {
  const sums = [new Float64Array(columns + 1)]
  for (const [i, row] of grid.entries()) {
    const above = sums[i] ?? new Float64Array(columns + 1)
    const sum = new Float64Array(columns + 1)
    for (let j = 1; j <= columns; j++) {
      const taken = (above[j - 1] ?? 0) + weight(row[j - 1])
      sum[j] = Math.max(above[j] ?? 0, sum[j - 1] ?? 0, taken)
    }
    sums.push(sum)
  }
  return sums
}

function sumAt(sums: readonly Float64Array[], i: number, j: number): number {
  return sums[i]?.[j] ?? 0
}

function align(grid: Grid, columns: number): MapCell[] {
  const sums = alignmentSums(grid, columns)
  const path: MapCell[] = []
  let j = columns
  for (let i = grid.length; i > 0 && j > 0;) {
    const cell = grid[i - 1]?.[j - 1]
    const here = sumAt(sums, i, j)
    if (cell?.matched === true && here === sumAt(sums, i - 1, j - 1) + weight(cell)) {
      path.push(cell)
      i -= 1
      j -= 1
    } else if (here === sumAt(sums, i - 1, j)) i -= 1
    else j -= 1
  }
  return path.reverse()
}

function bestOfRow(row: readonly (MapCell | undefined)[]): MapCell | undefined {
  return row.reduce((best, cell) => (weight(cell) > weight(best) ? cell : best), undefined)
}

/** Builds the map from the cells of all views. Cells that could not be tested are simply not there. */
export function buildLayerMap(views: readonly ViewCell[], layersA: number, layersB: number): LayerMap {
  const groups = Map.groupBy(views, ({ a, b }) => a * layersB + b)
  const cells = [...groups.values()].flatMap((group) => toCell(group, views.length) ?? [])
  const grid: (MapCell | undefined)[][] = Array.from({ length: layersA }, () => [])
  for (const cell of cells) {
    const row = grid[cell.a]
    if (row !== undefined) row[cell.b] = cell
  }
  const aligned = align(grid, layersB)
  const partners = grid.map((row, a) => (aligned.find((cell) => cell.a === a) ?? bestOfRow(row))?.b ?? null)
  return { layersA, layersB, cells, partners: partners.map((b, a) => keepMatched(grid, a, b)), aligned }
}

function keepMatched(grid: Grid, a: number, b: number | null): number | null {
  return b !== null && grid[a]?.[b]?.matched === true ? b : null
}

/** Counts of the cells that are not matched in any view: the draws of the negative control. */
export function unmatchedCounts(map: LayerMap): number[] {
  return map.cells.filter(({ matched }) => !matched).flatMap(({ views }) => views.map(({ points }) => points.fixed))
}

/** The cell of two layers. */
export function findCell(map: LayerMap, a: number, b: number): MapCell | undefined {
  return map.cells.find((cell) => cell.a === a && cell.b === b)
}

/** From this share of its units a layer agrees with another. */
export const AGREEING_SHARE = 0.5

/** True for cells in which most units of the best view find themselves. */
export function isAgreeing({ matched, best: { points } }: MapCell): boolean {
  return matched && points.fixed >= AGREEING_SHARE * points.sampled
}

/** Copies of a layer agree by at least this share of their units. */
const COPY_SHARE = 0.9
/** A second match that is at least this strong beside the first is no weaker relative. */
const RIVAL = 0.5

/** Layers of one side that match two or more layers of the other about equally, none of them as a copy does. */
function confusedLayers(map: LayerMap, side: 'a' | 'b'): number {
  const rows = Map.groupBy(
    map.cells.filter(({ matched }) => matched),
    (cell) => cell[side],
  )
  return [...rows.values()].filter((cells) => {
    const [first = 0, second = 0] = cells
      .map(({ best: { points } }) => points.fixed / points.sampled)
      .toSorted((x, y) => y - x)
    return second >= RIVAL * first && second < COPY_SHARE
  }).length
}

/**
 * True when most layers of a side match several layers of the other that are not copies of each other: then the units
 * of all layers are numbered by one template, and no cell is left that could show it as a negative control does.
 */
export function isConfused(map: LayerMap): boolean {
  return confusedLayers(map, 'a') * 2 > map.layersA || confusedLayers(map, 'b') * 2 > map.layersB
}

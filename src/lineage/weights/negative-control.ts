/**
 * The negative control that every comparison carries inside itself.
 *
 * Two layers that are not kin number their units independently even inside a pair of models that is kin, so the cells
 * of the layer map that are not matched are draws from the null: their counts of fixed points must follow Poisson(1).
 * Where they do not, the numbering of the units carries structure (sorted by one template, tied, duplicated, the same
 * random stream in each shard) and the fixed-point test says nothing about this pair.
 *
 * Guarantee: `holds` is false when chi-squared rejects Poisson(1) at 0.001 and the counts are heavier than it; counts
 * that are lighter (ties, hubs) only make the bound more conservative and do not invalidate it.
 * Its tolerance: `docs/method.md`, section 2.5.
 */
import { logPoisson } from '../../base/index.ts'
import { chiSquaredTail } from './chi-squared.ts'
import type { NegativeControl } from './comparison.ts'

/** At which p of the chi-squared test the counts are no longer taken for Poisson(1). */
export const CONTROL_P = 1e-3
/** Up to here counts pass whatever chi-squared says of thousands of cells: no tail is heavier than the bound allows. */
export const CONTROL_MEAN = 1.1
/** See {@link CONTROL_MEAN}. */
export const CONTROL_VARIANCE = 1.25

/** Below this expected count classes are pooled, as the chi-squared approximation wants. */
const LEAST_EXPECTED = 5

interface Class {
  readonly observed: number
  readonly expected: number
}

/** Classes 0, 1, 2, …, each with an expected count of at least 5, the last one holding the rest. */
function classes(counts: readonly number[]): readonly Class[] {
  const open: Class[] = []
  let left = 1
  for (let k = 0; ; k++) {
    const expected = counts.length * Math.exp(logPoisson(k, 1))
    left -= Math.exp(logPoisson(k, 1))
    if (expected < LEAST_EXPECTED || counts.length * left < LEAST_EXPECTED) {
      const rest = { observed: counts.filter((count) => count >= k).length, expected: expected + counts.length * left }
      return [...open, rest]
    }
    open.push({ observed: counts.filter((count) => count === k).length, expected })
  }
}

function histogram(counts: readonly number[]): readonly number[] {
  const cut = 8
  const bins = Array.from({ length: Math.min(cut, Math.max(...counts)) + 1 }, () => 0)
  for (const count of counts) bins[Math.min(cut, count)] = (bins[Math.min(cut, count)] ?? 0) + 1
  return bins
}

/**
 * Holds counts of fixed points of unmatched cells against Poisson(1).
 *
 * @param counts one number a cell and view
 * @returns null when there is no cell
 */
export function negativeControl(counts: readonly number[]): NegativeControl | null {
  if (counts.length === 0) return null
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
  const squares = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0)
  const variance = counts.length > 1 ? squares / (counts.length - 1) : 0
  const pooled = classes(counts)
  const statistic = pooled.reduce((sum, { observed, expected }) => sum + (observed - expected) ** 2 / expected, 0)
  const p = pooled.length < 2 ? 1 : chiSquaredTail(statistic, pooled.length - 1)
  const heavy = mean > CONTROL_MEAN || variance > CONTROL_VARIANCE
  return {
    cells: counts.length,
    mean,
    variance,
    maximum: Math.max(...counts),
    counts: histogram(counts),
    p,
    holds: p >= CONTROL_P || !heavy,
  }
}

/**
 * What a histogram of 16-bit codes tells: counts of the odd values, exact range, moments and quantiles.
 *
 * Codes are walked from the lowest value to the highest in f64, so the numbers are the same on every machine and
 * for every order in which the histogram was filled. NaN and infinities are counted and left out of the rest.
 */
import { halfToFloat, floatOfBits } from './reference/floats.ts'

/** How the codes are to be read. */
export type CodeType = 'bf16' | 'f16'

/** See the module. Of an empty or wholly non-finite tensor the moments and the range are NaN. */
export interface HistogramSummary {
  readonly count: number
  /** +0 and −0. */
  readonly zeros: number
  readonly nans: number
  readonly infinities: number
  /** Values that are neither NaN nor infinite, zeros included. */
  readonly finite: number
  /** Different finite values; +0 and −0 are one. */
  readonly distinct: number
  readonly minimum: number
  readonly maximum: number
  readonly mean: number
  /** Mean square minus squared mean, computed about the mean; at least 0. */
  readonly variance: number
  /** √(mean square): the scale of the tensor. */
  readonly rootMeanSquare: number
  /** Sum of all squares. */
  readonly sumOfSquares: number
  /** Fourth central moment over squared variance; 3 for a normal distribution. */
  readonly kurtosis: number
}

function valueOf(code: number, type: CodeType): number {
  return type === 'bf16' ? floatOfBits(code << 16) : halfToFloat(code)
}

interface Step {
  readonly value: number
  readonly count: number
}

/** Finite values that occur, from the lowest to the highest; −0 stands just before +0. */
function* ascendingSteps(counts: Float64Array, type: CodeType): Generator<Step> {
  const codes = [...range(0xffff, 0x7fff, -1), ...range(0, 0x8000, 1)]
  for (const code of codes) {
    const count = counts[code] as number
    const value = valueOf(code, type)
    if (count > 0 && Number.isFinite(value)) yield { value, count }
  }
}

const square = (value: number): number => value * value

function* range(from: number, to: number, step: number): Generator<number> {
  for (let i = from; i !== to; i += step) yield i
}

function countOdd(counts: Float64Array, type: CodeType): { nans: number; infinities: number; count: number } {
  const odd = { nans: 0, infinities: 0, count: 0 }
  counts.forEach((count, code) => {
    const value = count === 0 ? 0 : valueOf(code, type)
    odd.count += count
    if (Number.isNaN(value)) odd.nans += count
    else if (!Number.isFinite(value)) odd.infinities += count
  })
  return odd
}

/** Summarises a histogram made by `histogram16`. */
export function summariseHistogram(counts: Float64Array, type: CodeType): HistogramSummary {
  const steps = [...ascendingSteps(counts, type)]
  const sum = (term: (step: Step) => number): number =>
    steps.reduce((total, step) => total + step.count * term(step), 0)
  const finite = sum(() => 1)
  const mean = sum(({ value }) => value) / finite
  const sumOfSquares = sum(({ value }) => value * value)
  const variance = sum(({ value }) => square(value - mean)) / finite
  return {
    ...countOdd(counts, type),
    zeros: (counts[0] as number) + (counts[0x8000] as number),
    finite,
    distinct: new Set(steps.map(({ value }) => value + 0)).size,
    minimum: steps[0]?.value ?? Number.NaN,
    maximum: steps.at(-1)?.value ?? Number.NaN,
    mean,
    variance,
    rootMeanSquare: Math.sqrt(sumOfSquares / finite),
    sumOfSquares,
    kurtosis: sum(({ value }) => square(square(value - mean))) / finite / square(variance),
  }
}

/**
 * The smallest finite value that at least the share `q` of the finite values do not exceed; NaN when there are none.
 *
 * @param q 0 … 1; 0.5 gives the (lower) median
 */
export function histogramQuantile(counts: Float64Array, type: CodeType, q: number): number {
  const steps = [...ascendingSteps(counts, type)]
  const wanted = q * steps.reduce((total, { count }) => total + count, 0)
  let seen = 0
  const found = steps.find(({ count }) => (seen += count) >= wanted)
  return found?.value ?? Number.NaN
}

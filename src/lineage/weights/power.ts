/**
 * How alike units must be for the fixed-point test to see it: the power of one comparison, before it is made.
 *
 * A verdict that found nothing is worth what it could have found. For units that kept a cosine c to what they were, and
 * whose other coordinates point anywhere, this computes the probability that the family-wise bound reaches 1e-6 with
 * the units, coordinates, layers and tests of this pair, and the least c that is found 95 times in 100.
 *
 * Assumed: coordinates of unlike units are independent and alike, as in a random matrix. A common direction of all
 * units lowers the power; more than one view raises it. `docs/method/calibration.md` holds what was measured.
 * Guarantee: pure; the distribution over layers is computed on a grid rounded down, so that power is never overstated
 * by it.
 * Source: order statistics of normal variables; normal distribution function: Abramowitz and Stegun 7.1.26.
 */
import { logChoose } from '../../base/index.ts'
import { KIN_LOG10 } from './family-wise.ts'
import { log10Tail } from './fixed-point.ts'

/** What decides the power of a comparison. */
export interface PowerPlan {
  /** Units among which neighbours are sought in each cell. */
  readonly units: number
  /** Coordinates that are compared, or bits of a sign kit. */
  readonly coordinates: number
  /** Layers that could agree. */
  readonly layers: number
  /** Tests that are paid for. */
  readonly tests: number
  /** Whether only signs are compared. */
  readonly signs: boolean
}

/** Probability of a bound of 1e-6 or less at one cosine. */
export interface PowerPoint {
  readonly cosine: number
  readonly power: number
}

/** See the module. */
export interface Power {
  /** Least cosine, in steps of 0.01, that is found with probability 0.95; null when not even copies would be. */
  readonly detectable: number | null
  readonly curve: readonly PowerPoint[]
  readonly assumption: string
}

/** The probability with which the detectable cosine is found. */
export const POWER_WANTED = 0.95
const ASSUMPTION =
  'coordinates of unlike units are independent and alike; units with a common direction are told apart less well'
/** Steps of the integral over the similarity of a unit with itself, from −6 to 6 standard deviations. */
const STEPS = 240
/** Cells of the grid for a decade of evidence. */
const GRID = 8
/** Cosines of the curve: from 0 in steps of a hundredth. */
const CURVE_POINTS = 41

/** The normal distribution function, to 1e-7. */
export function normalCdf(x: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(x)) / Math.SQRT2)
  const poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  const tail = (poly * Math.exp((-x * x) / 2)) / 2
  return x >= 0 ? 1 - tail : tail
}

/** Probability that a unit of this cosine is nearest to itself. */
function hitRate(cosine: number, { units, coordinates, signs }: PowerPlan): number {
  const mean = signs ? (2 / Math.PI) * Math.asin(cosine) : cosine
  const spread = 1 / Math.sqrt(coordinates)
  const own = spread * (signs ? Math.sqrt(1 - mean * mean) : 1 - mean * mean)
  let total = 0
  let weights = 0
  for (let step = 0; step <= STEPS; step++) {
    const z = -6 + (12 * step) / STEPS
    const weight = Math.exp((-z * z) / 2)
    total += weight * normalCdf((mean + own * z) / spread) ** (units - 1)
    weights += weight
  }
  return Math.min(1, total / weights)
}

/** Probabilities of none to all of `n` hits. */
function binomial(choices: readonly number[], p: number): Float64Array {
  const n = choices.length - 1
  const [hit, miss] = [Math.log(p), Math.log1p(-p)]
  return Float64Array.from(choices, (logChoices, k) => {
    if (p <= 0) return k === 0 ? 1 : 0
    if (p >= 1) return k === n ? 1 : 0
    return Math.exp(logChoices + k * hit + (n - k) * miss)
  })
}

/** The grid of evidence of a plan. */
interface Grid {
  readonly cells: number
  /** The cell of so many units that found themselves, from none to all. */
  readonly cellOf: readonly number[]
  /** ln of the number of ways to choose so many units. */
  readonly choices: readonly number[]
}

function gridOf({ units, tests }: PowerPlan): Grid {
  const cells = Math.ceil((Math.LOG10E - KIN_LOG10) * GRID)
  const price = Math.log10(tests * units)
  const cellOf = Array.from({ length: units + 1 }, (_, k) => {
    const decades = Math.max(0, -log10Tail(units, units, k) - price)
    return Math.min(cells, Math.floor(decades * GRID))
  })
  return { cells, cellOf, choices: Array.from(cellOf, (_, k) => logChoose(units, k)) }
}

/** Probabilities of the evidence of one layer, in cells of the grid; the last cell holds what is enough alone. */
function evidenceOf(rate: number, { cellOf, cells, choices }: Grid): Float64Array {
  const out = new Float64Array(cells + 1)
  const probabilities = binomial(choices, rate)
  for (const [k, cell] of cellOf.entries()) out[cell] = (out[cell] ?? 0) + (probabilities[k] ?? 0)
  return out
}

/** The distribution of the sum of two independent ones, what is enough held together in the last cell. */
function add(a: Float64Array, b: Float64Array): Float64Array {
  const last = a.length - 1
  const out = new Float64Array(a.length)
  for (let x = 0; x <= last; x++) {
    const p = a[x] ?? 0
    if (p === 0) continue
    for (let y = 0; y <= last; y++) {
      const cell = Math.min(last, x + y)
      out[cell] = (out[cell] ?? 0) + p * (b[y] ?? 0)
    }
  }
  return out
}

/** The distribution of the sum over so many layers. */
function repeat(layer: Float64Array, layers: number): Float64Array {
  if (layers === 1) return layer
  const half = repeat(layer, layers >> 1)
  const whole = add(half, half)
  return layers % 2 === 0 ? whole : add(whole, layer)
}

function powerAt(cosine: number, plan: PowerPlan, grid: Grid): number {
  return repeat(evidenceOf(hitRate(cosine, plan), grid), plan.layers)[grid.cells] ?? 0
}

function findDetectable(plan: PowerPlan, grid: Grid): number | null {
  if (powerAt(1, plan, grid) < POWER_WANTED) return null
  let low = 0
  let high = 100
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (powerAt(middle / 100, plan, grid) >= POWER_WANTED) high = middle
    else low = middle
  }
  return high / 100
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}

/** Computes the power of a comparison; null when it has no layer to compare. */
export function computePower(plan: PowerPlan): Power | null {
  if (plan.units === 0 || plan.coordinates === 0 || plan.layers === 0 || plan.tests === 0) return null
  const grid = gridOf(plan)
  const curve = Array.from({ length: CURVE_POINTS }, (_, i) => ({
    cosine: i / 100,
    power: round(powerAt(i / 100, plan, grid)),
  }))
  return { detectable: findDetectable(plan, grid), curve, assumption: ASSUMPTION }
}

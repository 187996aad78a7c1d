/**
 * Rows of tokens that the child never saw again.
 *
 * Training with weight decay shrinks every row of an untied embedding a little at each step; only tokens that occur are
 * pushed elsewhere. The rows of all tokens that were not in the child's data are therefore the parent's times one
 * factor exp(−Σ lr·wd), to the rounding of the stored type: their cosine is 1 and their ratio common and below 1.
 * Whose rows are shorter was trained further. If the rows are the other's times one factor and rounded, bit for bit,
 * then they were made from those stored numbers, which two children of a third model cannot show.
 *
 * A scaled embedding (all rows at one ratio) is no sign: some rows must have moved.
 * Source: AdamW (I. Loshchilov, F. Hutter, 2019); what was measured: `docs/method/direction.md`.
 */
import { isPlain, roundTo } from '../rederive/store-as.ts'
import type { Part } from '../weights/part.ts'
import { isSameShape, type PartPair } from '../weights/part-pairs.ts'
import { draw } from '../weights/sampling.ts'
import type { Weights } from '../weights/weights.ts'
import { makeSign, type Sign } from './sign.ts'

/** Rows that are looked at when there are more. */
const DRAWN = 8192
/** Fewer unused rows say too little. */
const LEAST_ROWS = 16
/** At least this share of the rows must have moved. */
const LEAST_MOVED = 0.02
/** A ratio nearer to 1 than this may be rounding. */
const LEAST_DECAY = 5e-4
/** Rows of one table must agree on their ratio this well, in multiples of the distance to 1. */
const MOST_SPREAD = 0.5
/** 1 − cosine of a row and its rounding, by the type. */
const ROUNDING: Readonly<Record<string, number>> = { bf16: 1e-5, f16: 2e-7, f32: 1e-8 }

interface Row {
  readonly x: Float32Array
  readonly y: Float32Array
  /** ⟨x,y⟩/⟨x,x⟩. */
  readonly ratio: number
  readonly square: number
  readonly sine: number
  readonly equal: boolean
}

function measure(x: Float32Array, y: Float32Array): Row {
  let [xx, yy, xy] = [0, 0, 0]
  let equal = true
  for (let i = 0; i < x.length; i++) {
    const [value, other] = [x[i] ?? 0, y[i] ?? 0]
    xx += value * value
    yy += other * other
    xy += value * other
    if (value !== other) equal = false
  }
  const cosine = xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0
  return { x, y, ratio: xx > 0 ? xy / xx : 0, square: xx, sine: 1 - cosine, equal }
}

function toleranceOf({ a, b }: PartPair): number | null {
  if (!isPlain(a.tensor.type) || !isPlain(b.tensor.type)) return null
  const of = (part: Part): number => ROUNDING[part.tensor.type.toLowerCase()] ?? 0
  return Math.max(of(a), of(b))
}

function readPairs(a: Weights, b: Weights, { pair, seed }: { readonly pair: PartPair; readonly seed: string }): Row[] {
  const rows = draw(seed, 'unused tokens', { size: pair.a.rows, count: DRAWN })
  return Array.from(rows, (row) => measure(a.rows(pair.a, row, 1), b.rows(pair.b, row, 1)))
}

/** The factor by which the unused rows of B are those of A, with the spread of single rows around it. */
export interface Decay {
  readonly rows: number
  readonly of: number
  readonly ratio: number
  readonly spread: number
  /** Share of elements of unused rows that are the other's times one factor, rounded; 0 when that is not nearly all. */
  readonly exact: number
}

/** Two children of a third model agree in 60 to 90 % of the elements. */
const EXACT_SHARE = 0.95
/** Factors around the measured one that are tried for an exact product. */
const TRIES = 1500
/** Relative distance of the outermost: rounding to a coarse lattice moves the mean of few elements so far. */
const TRIED_WIDTH = 3e-3

/** Elements that are not the product with a factor, rounded; counted row by row until they reach `most`. */
function countMisses(
  rows: readonly Row[],
  at: { from: 'x' | 'y'; factor: number; round: (value: number) => number; most: number },
): number {
  let misses = 0
  for (const row of rows) {
    const target = row[at.from === 'x' ? 'y' : 'x']
    const source = row[at.from]
    for (let i = 0; i < source.length; i++) if (at.round((source[i] ?? 0) * at.factor) !== target[i]) misses += 1
    if (misses >= at.most) return misses
  }
  return misses
}

/**
 * Share of elements that are exact products, by the best factor; what shrank is made from what did not. 0 when it is
 * below {@link EXACT_SHARE}.
 */
function shareExact(rows: readonly Row[], ratio: number, pair: PartPair): number {
  const isForth = ratio < 1
  const round = roundTo(isForth ? pair.b.tensor.type : pair.a.tensor.type)
  const measured = isForth ? ratio : 1 / ratio
  const elements = rows.reduce((sum, { x }) => sum + x.length, 0)
  const most = Math.floor((1 - EXACT_SHARE) * elements) + 1
  let least = most
  for (let step = 0; step <= TRIES; step++) {
    const factor = measured * (1 + TRIED_WIDTH * ((2 * step) / TRIES - 1))
    least = Math.min(least, countMisses(rows, { from: isForth ? 'x' : 'y', factor, round, most: least }))
  }
  return least < most ? 1 - least / elements : 0
}

/** Measures the decay of one table of tokens; null when there is none to speak of. */
export function measureDecay(rows: readonly Row[], tolerance: number, pair: PartPair): Decay | null {
  const filled = rows.filter(({ square, ratio }) => square > 0 && ratio > 0)
  const unused = filled.filter(({ sine, equal }) => sine <= tolerance && !equal)
  const moved = filled.filter(({ sine }) => sine > 10 * tolerance).length
  const still = filled.filter(({ equal }) => equal).length
  if (unused.length < LEAST_ROWS || still > unused.length || moved < LEAST_MOVED * filled.length) return null
  const total = unused.reduce((sum, { square }) => sum + square, 0)
  const ratio = unused.reduce((sum, row) => sum + row.ratio * row.square, 0) / total
  const spread = Math.sqrt(unused.reduce((sum, row) => sum + row.square * (row.ratio - ratio) ** 2, 0) / total)
  const looked = unused.slice(0, 32).map((row) => ({ ...row, x: row.x.subarray(0, 128), y: row.y.subarray(0, 128) }))
  const isDecayed = Math.abs(ratio - 1) >= LEAST_DECAY && spread <= MOST_SPREAD * Math.abs(ratio - 1)
  const exact = isDecayed ? shareExact(looked, ratio, pair) : 0
  return { rows: unused.length, of: filled.length, ratio, spread, exact }
}

function signOf(decay: Decay, where: string): Sign[] {
  const distance = Math.abs(decay.ratio - 1)
  if (distance < LEAST_DECAY || decay.spread > MOST_SPREAD * distance) return []
  const child = decay.ratio < 1 ? 'b' : 'a'
  const [shorter, longer] = child === 'b' ? ['B', 'A'] : ['A', 'B']
  const factor = child === 'b' ? decay.ratio : 1 / decay.ratio
  const amount = `learning rate times decay adds up to ${(-Math.log(factor)).toPrecision(3)}`
  const found = `${decay.rows} of ${decay.of} rows of the ${where} of ${shorter} are those of ${longer} times ${factor.toFixed(4)} (spread ${decay.spread.toFixed(4)}): ${amount}`
  return decay.exact >= EXACT_SHARE
    ? [makeSign('exact decay', child, `${found}; bit for bit in ${(100 * decay.exact).toFixed(1)} % of their elements`)]
    : [makeSign('unused-token decay', child, found)]
}

function isTokenTable({ a, b }: PartPair): boolean {
  return a.role === 'embedding' && !a.bias && a.rows > 1 && !a.transposed && !b.transposed
}

function isTied({ model }: Weights): boolean {
  return !model.parts.some(({ role, bias }) => role === 'head' && !bias)
}

/** The sign of the embedding; a tied one is trained at every step by the loss and says nothing. */
export function unusedTokenSigns(
  a: Weights,
  b: Weights,
  at: { readonly pairs: readonly PartPair[]; readonly seed: string },
): Sign[] {
  if (isTied(a) || isTied(b)) return []
  const pair = at.pairs.find((each) => isTokenTable(each) && isSameShape(each))
  const tolerance = pair === undefined ? null : toleranceOf(pair)
  if (pair === undefined || tolerance === null) return []
  const decay = measureDecay(readPairs(a, b, { pair, seed: at.seed }), tolerance, pair)
  return decay === null ? [] : signOf(decay, 'embedding')
}

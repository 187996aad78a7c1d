/**
 * Classes of elements: is each weight of the suspect the base plus some of the parents' differences?
 *
 * TIES and DARE choose, element by element, whose difference is kept. So S − W₀ is one of the 2^k values that the
 * subsets of k parents give, by a sum Σ cⱼδⱼ or by a weighted mean of the chosen. An element is explained when it lies
 * within rounding of one of them. How many would be by chance is measured, not guessed: the control holds the same
 * elements against parents' differences that were moved to other places.
 *
 * Assumed: coefficients are the same everywhere. Of several classes that explain an element the one with fewest
 * parents counts; shares of parents are taken only over elements whose classes lie apart.
 */
import { subsetsOf } from './fit.ts'
import type { Elements } from './elements.ts'
import { modeOf } from './ratio-mode.ts'
import { solve } from './solve.ts'

/** How the chosen differences make one. */
export type Combination = 'sum' | 'mean'

/** Coefficients of a class model: of a sum cⱼ; of a mean the scale and relative weights that sum to one. */
export interface ClassModel {
  readonly combination: Combination
  readonly coefficients: readonly number[]
  readonly scale: number
}

/** Counts over elements; see the module. */
export interface ClassCounts {
  readonly model: ClassModel
  readonly elements: number
  readonly explained: number
  readonly byChance: number
  /** The class of each element as a number of `subsets`; 0 none of the parents, -1 unexplained. */
  readonly classes: Int8Array
  /** 1 where classes lie apart. */
  readonly apart: Uint8Array
}

/** The empty subset and all others, smaller ones first; entries are places of parents. */
export function classSubsets(parents: number): readonly (readonly number[])[] {
  return [[], ...subsetsOf(Array.from({ length: parents }, (_, i) => i))]
}

/** For each subset the coefficient of each parent. */
function classWeights({ combination, coefficients, scale }: ClassModel): Float64Array[] {
  return classSubsets(coefficients.length).map((subset) => {
    const total = combination === 'sum' ? 1 : subset.reduce((sum, j) => sum + (coefficients[j] ?? 0), 0)
    const factor = combination === 'sum' ? 1 : scale / (total || 1)
    return Float64Array.from(coefficients, (each, j) => (subset.includes(j) ? each * factor : 0))
  })
}

/** Moves every element to another place, so that differences no longer belong to their weights. */
const SHIFT = 4099

/** Rounding of the suspect to the next number, with a little for the order of operations. */
const SLACK = 1.01
/** Classes lie apart when their values differ by more than this many times the reach of each. */
const APART = 2.5

/** Values of all classes for one element, and how far rounding may have carried the suspect from them. */
interface Prediction {
  readonly weights: readonly Float64Array[]
  readonly values: Float64Array
  readonly reaches: Float64Array
}

function predict(elements: Elements, into: Prediction, i: number): void {
  const { weights } = into
  const base = elements.baseStep[i] ?? 0
  for (let k = 0; k < weights.length; k++) {
    const each = weights[k] ?? NO_WEIGHTS
    let value = 0
    let reach = 0
    let rest = 1
    for (let j = 0; j < each.length; j++) {
      const weight = each[j] ?? 0
      if (weight === 0) continue
      value += weight * (elements.parents[j]?.[i] ?? 0)
      reach += Math.abs(weight) * (elements.parentSteps[j]?.[i] ?? 0)
      rest -= weight
    }
    into.values[k] = value
    into.reaches[k] = reach + Math.abs(rest) * base
  }
}

const NO_WEIGHTS = new Float64Array(0)

/** The first class within reach; -1 for none. */
function findClass({ values, reaches }: Prediction, x: number, step: number): number {
  for (let k = 0; k < values.length; k++)
    if (Math.abs(x - (values[k] ?? 0)) <= SLACK * (step + (reaches[k] ?? 0))) return k
  return -1
}

function isApart({ values, reaches }: Prediction, step: number): boolean {
  for (let k = 1; k < values.length; k++) {
    const reach = APART * (step + (reaches[k] ?? 0))
    for (let l = 0; l < k; l++) if (Math.abs((values[k] ?? 0) - (values[l] ?? 0)) <= reach) return false
  }
  return true
}

/** Sorts every `stride`-th element into its class; the others stay unexplained and are not counted. */
export function countClasses(elements: Elements, model: ClassModel, stride = 1): ClassCounts {
  const weights = classWeights(model)
  const size = weights.length
  const prediction = { weights, values: new Float64Array(size), reaches: new Float64Array(size) }
  const classes = new Int8Array(elements.count).fill(-1)
  const apart = new Uint8Array(elements.count)
  const counted = { elements: 0, explained: 0, byChance: 0 }
  for (let i = 0; i < elements.count; i += stride) {
    const x = elements.suspect[i] ?? 0
    const step = elements.suspectStep[i] ?? 0
    predict(elements, prediction, i)
    classes[i] = findClass(prediction, x, step)
    apart[i] = Number(isApart(prediction, step))
    predict(elements, prediction, (i + SHIFT) % elements.count)
    counted.elements += 1
    counted.explained += Number((classes[i] ?? -1) >= 0)
    counted.byChance += Number(findClass(prediction, x, step) >= 0)
  }
  return { model, ...counted, classes, apart }
}

/** A ratio is only as exact as its parts; those with a larger error are not looked at. */
const RATIO_ERROR = 0.02

/** The coefficient with which a parent's difference stands alone in many elements; null when there is none. */
export function singleCoefficient(elements: Elements, j: number): number | null {
  const delta = elements.parents[j] ?? new Float64Array(0)
  const steps = elements.parentSteps[j] ?? new Float64Array(0)
  const ratios = new Float64Array(elements.count)
  for (const [i, value] of delta.entries()) {
    const error = (elements.suspectStep[i] ?? 0) + (steps[i] ?? 0)
    if (error <= RATIO_ERROR * Math.abs(value)) ratios[i] = (elements.suspect[i] ?? 0) / value
  }
  return modeOf(ratios)
}

/** Share of the first of two parents in their mean, from elements that no single parent explains. */
function pairShare(elements: Elements, pair: readonly [number, number], scale: number): number | null {
  const [x, y] = [elements.parents[pair[0]], elements.parents[pair[1]]]
  const shares = new Float64Array(elements.count)
  for (let i = 0; i < elements.count; i++) {
    const [u, v] = [x?.[i] ?? 0, y?.[i] ?? 0]
    const error = 2 * (elements.suspectStep[i] ?? 0)
    if (u * v <= 0 || error > RATIO_ERROR * Math.abs(u - v)) continue
    const part = ((elements.suspect[i] ?? 0) / scale - v) / (u - v)
    if (part > 0.05 && part < 0.95) shares[i] = part
  }
  return modeOf(shares)
}

function meanModel(elements: Elements, singles: readonly number[]): ClassModel | null {
  const scale = singles.reduce((sum, each) => sum + each, 0) / singles.length
  if (singles.some((each) => Math.abs(each - scale) > 0.02 * Math.abs(scale))) return null
  const relative = [1]
  for (let j = 1; j < singles.length; j++) {
    const first = pairShare(elements, [0, j], scale)
    relative.push(first === null ? 1 : (1 - first) / first)
  }
  const total = relative.reduce((sum, each) => sum + each, 0)
  return { combination: 'mean', coefficients: relative.map((each) => each / total), scale }
}

/** Value of an entry; 0 beyond the end. */
function at(values: Float64Array | readonly number[] | undefined, i: number): number {
  return values?.[i] ?? 0
}

interface Equations {
  readonly matrix: number[][]
  readonly right: number[]
}

function addEquation(
  { matrix, right }: Equations,
  elements: Elements,
  known: { i: number; subset: readonly number[] },
): void {
  const { i, subset } = known
  const weight = 1 / (at(elements.suspectStep, i) ** 2 || 1)
  for (const j of subset) {
    const u = at(elements.parents[j], i) * weight
    right[j] = at(right, j) + u * at(elements.suspect, i)
    const row = matrix[j] ?? []
    for (const k of subset) row[k] = at(row, k) + u * at(elements.parents[k], i)
  }
}

/** Least squares over elements of known class, for a sum. */
function refineSum(elements: Elements, counts: ClassCounts): ClassModel {
  const { coefficients } = counts.model
  const subsets = classSubsets(coefficients.length)
  const equations = { matrix: coefficients.map(() => coefficients.map(() => 0)), right: coefficients.map(() => 0) }
  for (let i = 0; i < elements.count; i++) {
    const subset = subsets[counts.classes[i] ?? -1]
    if (subset !== undefined && counts.apart[i] === 1) addEquation(equations, elements, { i, subset })
  }
  const solution = solve(equations.matrix, equations.right)
  return solution === null ? counts.model : { ...counts.model, coefficients: solution.x }
}

/** Elements on which class models are tried before the best is held against all. */
const TRIED = 8192

/** A model that explains less of the first elements is not held against all. */
const HOPELESS = 0.8

function share({ explained, elements }: ClassCounts): number {
  return explained / Math.max(1, elements)
}

/** The class model that explains most elements. @param singles the coefficient of each parent where it stands alone */
export function fitClasses(elements: Elements, singles: readonly number[]): ClassCounts {
  const stride = Math.max(1, Math.floor(elements.count / TRIED))
  const sum = countClasses(elements, { combination: 'sum', coefficients: singles, scale: 1 }, stride)
  const mean = singles.length > 1 ? meanModel(elements, singles) : null
  const other = mean === null ? null : countClasses(elements, mean, stride)
  if (other !== null && share(other) > share(sum)) return countClasses(elements, other.model)
  if (share(sum) < HOPELESS) return sum
  const first = countClasses(elements, sum.model)
  const refined = countClasses(elements, refineSum(elements, first))
  return share(refined) >= share(first) - 1e-3 ? refined : first
}

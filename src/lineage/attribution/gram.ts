/**
 * One pass over a stream: inner products of everything with everything, and a sample of elements.
 *
 * Vectors are the suspect S and, for each candidate, its difference P − S. From their Gram matrix follow distances and
 * every least-squares fit, with or without the constraint that weights sum to one; taking differences first keeps all
 * digits that f64 has. Elements that are exactly zero in a suspect of a plain type are left out: they were pruned, and
 * say nothing of what stood there.
 *
 * Everything is summed twice: as it is, for distances and angles, and each element divided by the variance of its
 * rounding errors, for fits. Steps grow with the size of a number, so errors are larger where numbers are, and only so
 * divided do least squares give the standard errors that they promise.
 *
 * Guarantee: sums in f64 in the order of the rows; memory is a batch of rows and the sample.
 */
import { isQuantised } from '../weights/part-sample.ts'
import type { Weights } from '../weights/weights.ts'
import { stepsOf } from './steps.ts'
import { readRows, type Candidate, type Stream } from './streams.ts'

/** Sums over the elements of a stream. */
export interface GramSums {
  /** Row-major, size × size, where size is 1 + members: ⟨S,S⟩, ⟨S,P−S⟩, ⟨P−S,P'−S⟩. */
  readonly gram: Float64Array
  /** Mean square of the rounding error of each vector's stored values. */
  readonly noise: Float64Array
}

/** What one pass over a stream leaves. Vectors are numbered as members of the stream, the suspect is 0. */
export interface StreamGram {
  readonly stream: Stream
  /** Elements that were counted. */
  readonly elements: number
  readonly size: number
  readonly plain: GramSums
  /** Each element divided by the variance of its rounding errors. */
  readonly precise: GramSums
  /** Sampled values: suspect, then members; all of one length. */
  readonly sample: readonly Float32Array[]
  /** Half the step of each sampled value: how far rounding can have moved it. */
  readonly halfSteps: readonly Float32Array[]
}

interface Sums {
  elements: number
  readonly plain: GramSums
  readonly precise: GramSums
  readonly kept: Float32Array[]
  readonly keptSteps: Float32Array[]
  readonly capacity: number
  /** Every so many elements one is kept. */
  readonly stride: number
  filled: number
}

const BATCH_ELEMENTS = 65_536

function addElement({ gram }: GramSums, differences: Float64Array, factor: number): void {
  const size = differences.length
  for (let i = 0; i < size; i++) {
    const x = (differences[i] ?? 0) * factor
    for (let j = i; j < size; j++) gram[i * size + j] = (gram[i * size + j] ?? 0) + x * (differences[j] ?? 0)
  }
}

/** Rows of all vectors. */
export interface Batch {
  /** Suspect, then members. */
  readonly values: readonly Float32Array[]
  readonly steps: readonly Float32Array[]
  /** Leaves out elements that are exactly zero in the suspect. */
  readonly skipsZeros: boolean
}

function isCounted({ values, skipsZeros }: Batch, e: number): boolean {
  if (skipsZeros && values[0]?.[e] === 0) return false
  return values.every((each) => Number.isFinite(each[e]))
}

/** Value of an entry; 0 beyond the end. */
function at(values: Float32Array | undefined, i: number): number {
  return values?.[i] ?? 0
}

/** Squares of the steps of one element, of the suspect and of its parents in the mean; 0 when there are none. */
function squareSteps(steps: readonly Float32Array[], e: number): number {
  let sum = 0
  for (let i = 1; i < steps.length; i++) sum += at(steps[i], e) ** 2
  return at(steps[0], e) ** 2 + sum / Math.max(1, steps.length - 1)
}

function addNoise(
  { noise }: GramSums,
  steps: readonly Float32Array[],
  { e, factor }: { e: number; factor: number },
): void {
  for (let i = 0; i < steps.length; i++) noise[i] = (noise[i] ?? 0) + (factor * at(steps[i], e) ** 2) / 12
}

function addBatch(sums: Sums, batch: Batch): void {
  const { values, steps } = batch
  const size = values.length
  const differences = new Float64Array(size)
  const count = values[0]?.length ?? 0
  for (let e = 0; e < count; e++) {
    if (!isCounted(batch, e)) continue
    const s = at(values[0], e)
    differences[0] = s
    for (let i = 1; i < size; i++) differences[i] = at(values[i], e) - s
    const square = squareSteps(steps, e)
    const factor = square > 0 ? 1 / square : 0
    addElement(sums.plain, differences, 1)
    addElement(sums.precise, differences, factor)
    addNoise(sums.plain, steps, { e, factor: 1 })
    addNoise(sums.precise, steps, { e, factor })
    keep(sums, batch, e)
    sums.elements += 1
  }
}

function keep(sums: Sums, { values, steps }: Batch, e: number): void {
  if (sums.elements % sums.stride !== 0 || sums.filled >= sums.capacity) return
  for (const [i, kept] of sums.kept.entries()) kept[sums.filled] = at(values[i], e)
  for (const [i, kept] of sums.keptSteps.entries()) kept[sums.filled] = at(steps[i], e) / 2
  sums.filled += 1
}

function finishSums({ gram, noise }: GramSums, elements: number): GramSums {
  const size = noise.length
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) gram[i * size + j] = gram[j * size + i] ?? 0
  return { gram, noise: noise.map((sum) => sum / Math.max(1, elements)) }
}

function nothing(size: number): GramSums {
  return { gram: new Float64Array(size * size), noise: new Float64Array(size) }
}

/** How many vectors and elements are to come, and how many of them are kept. */
export interface GramPlan {
  readonly size: number
  readonly total: number
  readonly sampled: number
}

/** Adds up batches of rows. */
export function sumBatches(batches: Iterable<Batch>, { size, total, sampled }: GramPlan): Omit<StreamGram, 'stream'> {
  const capacity = Math.min(sampled, total)
  const sums: Sums = {
    elements: 0,
    plain: nothing(size),
    precise: nothing(size),
    kept: Array.from({ length: size }, () => new Float32Array(capacity)),
    keptSteps: Array.from({ length: size }, () => new Float32Array(capacity)),
    capacity,
    stride: Math.max(1, Math.ceil(total / Math.max(1, capacity))),
    filled: 0,
  }
  for (const batch of batches) addBatch(sums, batch)
  const { elements } = sums
  return {
    elements,
    size,
    plain: finishSums(sums.plain, elements),
    precise: finishSums(sums.precise, elements),
    sample: sums.kept.map((kept) => kept.subarray(0, sums.filled)),
    halfSteps: sums.keptSteps.map((kept) => kept.subarray(0, sums.filled)),
  }
}

/** Models that a pass reads. */
export interface Models {
  readonly suspect: Weights
  readonly candidates: readonly Candidate[]
}

function* readBatches({ suspect, candidates }: Models, stream: Stream): Generator<Batch> {
  const sides = [
    { weights: suspect, part: stream.part },
    ...stream.members.flatMap((member, i) => {
      const weights = candidates[member]?.weights
      const part = stream.parts[i]
      return weights === undefined || part === undefined ? [] : [{ weights, part }]
    }),
  ]
  const skipsZeros = !isQuantised(stream.part.tensor.type)
  const batchRows = Math.max(1, Math.floor(BATCH_ELEMENTS / stream.part.columns))
  for (let from = 0; from < stream.rows.length; from += batchRows) {
    const rows = stream.rows.subarray(from, from + batchRows)
    const values = sides.map(({ weights, part }) => readRows(weights, part, rows))
    const steps = values.map((each, i) => stepsOf(each, sides[i]?.part.tensor.type ?? ''))
    yield { values, steps, skipsZeros }
  }
}

/** @param sampled elements that are kept for tests element by element */
export function accumulate(models: Models, stream: Stream, sampled: number): StreamGram {
  const total = stream.rows.length * stream.part.columns
  const size = 1 + stream.members.length
  return { stream, ...sumBatches(readBatches(models, stream), { size, total, sampled }) }
}

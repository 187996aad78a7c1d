/**
 * One pass over a stream: inner products of everything with everything, and a sample of elements.
 *
 * Vectors are the suspect S and, for each candidate, its difference P − S. From their Gram matrix follow distances and
 * every least-squares fit, with or without the constraint that weights sum to one; taking differences first keeps all
 * digits that f64 has. Elements that are exactly zero in a suspect of a plain type are left out: they were pruned, and
 * say nothing of what stood there.
 *
 * Guarantee: sums in f64 in the order of the rows; memory is a batch of rows and the sample.
 */
import { isQuantised } from '../weights/part-sample.ts'
import type { Weights } from '../weights/weights.ts'
import { stepsOf } from './steps.ts'
import { readRows, type Candidate, type Stream } from './streams.ts'

/** What one pass over a stream leaves. Vectors are numbered as members of the stream, the suspect is 0. */
export interface StreamGram {
  readonly stream: Stream
  /** Elements that were counted. */
  readonly elements: number
  /** Row-major, size × size, where size is 1 + members: ⟨S,S⟩, ⟨S,P−S⟩, ⟨P−S,P'−S⟩. */
  readonly gram: Float64Array
  readonly size: number
  /** Mean square of the rounding error of each vector's stored values. */
  readonly noise: Float64Array
  /** Sampled values: suspect, then members; all of one length. */
  readonly sample: readonly Float32Array[]
  /** Half the step of each sampled value: how far rounding can have moved it. */
  readonly halfSteps: readonly Float32Array[]
}

interface Sums {
  elements: number
  readonly gram: Float64Array
  readonly noise: Float64Array
  readonly kept: Float32Array[]
  readonly keptSteps: Float32Array[]
  readonly capacity: number
  /** Every so many elements one is kept. */
  readonly stride: number
  filled: number
}

const BATCH_ELEMENTS = 65_536

function addElement(sums: Sums, differences: Float64Array): void {
  const { gram } = sums
  const size = differences.length
  for (let i = 0; i < size; i++) {
    const x = differences[i] ?? 0
    for (let j = i; j < size; j++) gram[i * size + j] = (gram[i * size + j] ?? 0) + x * (differences[j] ?? 0)
  }
}

interface Batch {
  /** Suspect, then members. */
  readonly values: readonly Float32Array[]
  readonly steps: readonly Float32Array[]
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
    addElement(sums, differences)
    for (let i = 0; i < size; i++) sums.noise[i] = (sums.noise[i] ?? 0) + at(steps[i], e) ** 2 / 12
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

function mirror(gram: Float64Array, size: number): Float64Array {
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) gram[i * size + j] = gram[j * size + i] ?? 0
  return gram
}

/** Models that a pass reads. */
export interface Models {
  readonly suspect: Weights
  readonly candidates: readonly Candidate[]
}

/** @param sampled elements that are kept for tests element by element */
export function accumulate({ suspect, candidates }: Models, stream: Stream, sampled: number): StreamGram {
  const size = 1 + stream.members.length
  const sides = [
    { weights: suspect, part: stream.part },
    ...stream.members.flatMap((member, i) => {
      const weights = candidates[member]?.weights
      const part = stream.parts[i]
      return weights === undefined || part === undefined ? [] : [{ weights, part }]
    }),
  ]
  const total = stream.rows.length * stream.part.columns
  const capacity = Math.min(sampled, total)
  const sums: Sums = {
    elements: 0,
    gram: new Float64Array(size * size),
    noise: new Float64Array(size),
    kept: Array.from({ length: size }, () => new Float32Array(capacity)),
    keptSteps: Array.from({ length: size }, () => new Float32Array(capacity)),
    capacity,
    stride: Math.max(1, Math.ceil(total / Math.max(1, capacity))),
    filled: 0,
  }
  const batchRows = Math.max(1, Math.floor(BATCH_ELEMENTS / stream.part.columns))
  for (let from = 0; from < stream.rows.length; from += batchRows) {
    const rows = stream.rows.subarray(from, from + batchRows)
    const values = sides.map(({ weights, part }) => readRows(weights, part, rows))
    const steps = values.map((each, i) => stepsOf(each, sides[i]?.part.tensor.type ?? ''))
    addBatch(sums, { values, steps, skipsZeros: !isQuantised(stream.part.tensor.type) })
  }
  const { elements } = sums
  return {
    stream,
    elements,
    gram: mirror(sums.gram, size),
    size,
    noise: sums.noise.map((sum) => sum / Math.max(1, elements)),
    sample: sums.kept.map((kept) => kept.subarray(0, sums.filled)),
    halfSteps: sums.keptSteps.map((kept) => kept.subarray(0, sums.filled)),
  }
}

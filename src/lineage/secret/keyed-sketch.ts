/**
 * Sketches under a key: random signed sums of weights that say how alike two tensors are, and nothing else.
 *
 * Of each matrix some rows are drawn under the key, scaled to length 1, and every value is added with a random sign to
 * a random bucket. Two sketches of the same places under the same key estimate the cosine of what was drawn, with an
 * error of about 1/√buckets. Rows, signs and buckets depend on the role and not on the layer, so that any layer can
 * meet any layer of another model.
 *
 * Guarantee: sums run in a fixed order in f64, so that the same weights and key give the same sketch everywhere.
 * Source: M. Charikar, K. Chen, M. Farach-Colton, ICALP 2002 (CountSketch); M. Charikar, STOC 2002 (signs and angles).
 */
import type { OpenedArtefact } from '../../artefact/index.ts'
import { Fault } from '../../base/index.ts'
import type { ArtefactFacts } from '../../formats/index.ts'
import { findTensorLayout } from '../../simd/index.ts'
import type { Role } from '../weights/families/family.ts'
import type { Part } from '../weights/part.ts'
import { openWeights, type Weights } from '../weights/weights.ts'
import { keyedDraw, PrfStream, type SecretKey } from './prf.ts'

/** Bits of the sketch of one matrix. */
export const PLACE_BITS = 64
/** Buckets of the sketch of a model. */
export const MODEL_BUCKETS = 4096
/** Values of a matrix that are drawn at least, if it has them; whole rows are taken. */
const SAMPLED = 32_768
/** Standard deviation of the buckets of a model's sketch, in units of its signed bytes. */
const DEVIATION = 32

type RowReader = Pick<Weights, 'rows'>

/** Roles whose matrices are sketched. */
export const SKETCHED_ROLES: readonly Role[] = ['embedding', 'head', 'q', 'k', 'v', 'o', 'qkv', 'gate', 'up', 'down']

/** True for the matrices of which a sketch is made: the first expert of each layer, rows in the order of training. */
export function isSketched(part: Part): boolean {
  const isKnown = SKETCHED_ROLES.includes(part.role) && !part.bias && part.rows > 1 && part.columns > 1
  return isKnown && part.expert <= 0 && part.rope === 'half' && findTensorLayout(part.tensor.type)?.decodable === true
}

function sampledRows(source: RowReader, part: Part, key: SecretKey): Float32Array[] {
  const count = Math.ceil(SAMPLED / part.columns)
  const rows = keyedDraw(key)(`rows ${part.role}`, { size: part.rows, count })
  return Array.from(rows, (row) => source.rows(part, row, 1))
}

function lengthOf(rows: readonly Float32Array[]): number {
  let sum = 0
  for (const row of rows) for (const value of row) if (Number.isFinite(value)) sum += value * value
  return Math.sqrt(sum)
}

/** Adds a part, scaled to length 1, to signed buckets. @param buckets a power of two of them, at most 2^15 */
function addSketch(source: RowReader, part: Part, { key, buckets }: { key: SecretKey; buckets: Float64Array }): void {
  const rows = sampledRows(source, part, key)
  const length = lengthOf(rows)
  if (length === 0) return
  const stream = new PrfStream(key, `signs ${part.role} ${buckets.length}`)
  const mask = buckets.length - 1
  for (const row of rows)
    for (const value of row) {
      const low = stream.byte()
      const high = stream.byte()
      const bucket = (low | (high << 8)) & mask
      const scaled = Number.isFinite(value) ? value / length : 0
      buckets[bucket] = (buckets[bucket] ?? 0) + (high & 0x80 ? -scaled : scaled)
    }
}

/** Signs of the sketch of one matrix, 8 bytes; 1 where the sum is below zero. */
export function sketchPlace(source: RowReader, part: Part, key: SecretKey): Uint8Array {
  const buckets = new Float64Array(PLACE_BITS)
  addSketch(source, part, { key, buckets })
  const out = new Uint8Array(PLACE_BITS / 8)
  for (const [i, sum] of buckets.entries()) if (sum < 0) out[i >> 3] = (out[i >> 3] ?? 0) | (1 << (i & 7))
  return out
}

/**
 * The sketch of a whole model: 4,096 signed bytes of standard deviation 32.
 *
 * Two sketches under one key have a dot product of about 2^22 times the mean cosine of their matrices.
 */
function sketchModel(weights: Weights, key: SecretKey): Int8Array {
  const buckets = new Float64Array(MODEL_BUCKETS)
  for (const part of weights.model.parts.filter((each) => isSketched(each) && each.layer >= 0))
    addSketch(weights, part, { key, buckets })
  const spread = Math.sqrt(buckets.reduce((sum, value) => sum + value * value, 0) / buckets.length)
  const scale = spread > 0 ? DEVIATION / spread : 0
  return Int8Array.from(buckets, (value) => Math.max(-127, Math.min(127, Math.round(value * scale))))
}

/** {@link sketchModel} of an opened model. @throws Fault `no-sketch` for a model without matrices that can be read */
export function sketchOfModel(opened: OpenedArtefact, facts: ArtefactFacts, key: SecretKey): Int8Array {
  const weights = openWeights(opened, facts)
  try {
    if (weights.model.unusable !== null) throw new Fault('no-sketch', weights.model.unusable)
    const sketch = sketchModel(weights, key)
    if (sketch.some((value) => value !== 0)) return sketch
    throw new Fault('no-sketch', 'no matrix of a layer can be read')
  } finally {
    weights.close()
  }
}

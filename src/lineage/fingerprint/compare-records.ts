/**
 * Holds the records of two fingerprints against each other: equal digests, similar sketches.
 */
import type { TestOutcome } from '../weights/comparison.ts'
import type { EqualityEvidence } from '../weights/equality-evidence.ts'
import { isLearnedRole } from '../weights/learned.ts'
import type { Fingerprint, TensorRecord } from './fingerprint.ts'

/** Records of the same role in matched places. */
export interface RecordPair {
  readonly a: TensorRecord
  readonly b: TensorRecord
  readonly agreement: 'bits' | 'values' | 'different'
}

function keyOf(record: TensorRecord, layer: number): string {
  return `${layer}/${record.role}/${record.bias}`
}

function agreementOf(a: TensorRecord, b: TensorRecord): RecordPair['agreement'] {
  if (a.parts !== b.parts || a.rows !== b.rows || a.columns !== b.columns) return 'different'
  if (a.raw === b.raw && a.type === b.type) return 'bits'
  return a.canonical === b.canonical && (isMeasurable(a) || a.zeros === ALL_ZERO) ? 'values' : 'different'
}

const ALL_ZERO = 65_535
/** 99 %. */
const MOSTLY_ZERO = 64_880
/** Where magnitudes are smaller, most are flushed, and digests of canonical codes are equal for any numbers. */
const LEAST_RMS = 2 ** -15

function isMeasurable({ rms }: TensorRecord): boolean {
  return rms >= LEAST_RMS
}

/** Elements of a record. */
export function recordSize({ rows, columns, parts }: TensorRecord): number {
  return rows * columns * parts
}

/** A matrix that is no constant and large enough to be equal by descent alone. */
function isMatrix(record: TensorRecord): boolean {
  const { rows, columns, rms, zeros, sketch } = record
  const isConstant = sketch?.every((byte) => byte === 0) === true
  return rows > 1 && columns > 1 && recordSize(record) >= 4096 && rms > 0 && zeros < MOSTLY_ZERO && !isConstant
}

function total(records: readonly TensorRecord[]): number {
  return records.reduce((sum, record) => sum + recordSize(record), 0)
}

function countLayers(pairs: readonly RecordPair[]): EqualityEvidence['equalLayers'] {
  const layers = new Map(pairs.filter(({ a }) => a.layer >= 0).map(({ a, b }) => [a.layer, b.layer]))
  return [...layers].map(([a, b]) => ({ a, b }))
}

/** Pairs records as the layers were matched and counts what is equal. */
export function compareRecords(
  a: Fingerprint,
  b: Fingerprint,
  partners: ReadonlyMap<number, number>,
): { readonly pairs: readonly RecordPair[]; readonly equality: EqualityEvidence } {
  const theirs = new Map(b.records.map((record) => [keyOf(record, record.layer), record]))
  const pairs = a.records.flatMap((record): RecordPair[] => {
    const layer = record.layer < 0 ? record.layer : partners.get(record.layer)
    const other = layer === undefined ? undefined : theirs.get(keyOf(record, layer))
    return other === undefined ? [] : [{ a: record, b: other, agreement: agreementOf(record, other) }]
  })
  const equal = pairs.filter(({ agreement }) => agreement !== 'different')
  const matrices = pairs.filter(({ a: { role } }) => isLearnedRole(role)).filter((pair) => isMatrix(pair.a))
  const equalMatrices = matrices.filter(({ agreement }) => agreement !== 'different')
  const pairedA = new Set(pairs.map((pair) => pair.a))
  const pairedB = new Set(pairs.map((pair) => pair.b))
  const equality: EqualityEvidence = {
    paired: pairs.length,
    equalBits: equal.filter(({ agreement }) => agreement === 'bits').length,
    equalValues: equal.filter(({ agreement }) => agreement === 'values').length,
    elements: total(pairs.map((pair) => pair.a)),
    equalElements: total(equal.map((pair) => pair.a)),
    unpairedElements: total([
      ...a.records.filter((record) => !pairedA.has(record) && !isTied(record, a)),
      ...b.records.filter((record) => !pairedB.has(record) && !isTied(record, b)),
    ]),
    matrices: matrices.length,
    equalMatrices: equalMatrices.length,
    equalOthers: equal.filter(({ a: record }) => !isLearnedRole(record.role) && isMatrix(record)).length,
    equalLayers: countLayers(equalMatrices),
    samePackaging: a.files === b.files && a.modelType === b.modelType,
  }
  return { pairs, equality }
}

/** A head that is the embedding again. */
function isTied(record: TensorRecord, { records }: Fingerprint): boolean {
  const embedding = records.find(({ role, bias }) => role === 'embedding' && !bias)
  return record.role === 'head' && !record.bias && embedding?.canonical === record.canonical
}

function popCount(byte: number): number {
  let bits = byte
  let count = 0
  for (; bits > 0; bits >>= 1) count += bits & 1
  return count
}

/** z of two sketches under the null that their signs are independent; null when they cannot meet. */
export function sketchScore(a: TensorRecord, b: TensorRecord): number | null {
  const { sketch: x } = a
  const { sketch: y } = b
  if (x === null || y === null || x.length !== y.length || a.rows !== b.rows || a.columns !== b.columns) return null
  const differing = x.reduce((count, byte, i) => count + popCount(byte ^ (y[i] ?? 0)), 0)
  const bits = 8 * x.length
  return Math.sqrt(bits) * (1 - (2 * differing) / bits)
}

/** z over all pairs together: standard normal when all signs are independent. */
export function combinedScore(pairs: readonly Pick<RecordPair, 'a' | 'b'>[]): number {
  const scores = pairs.flatMap(({ a, b }) => sketchScore(a, b) ?? [])
  return scores.length === 0 ? 0 : scores.reduce((sum, z) => sum + z, 0) / Math.sqrt(scores.length)
}

/** The sketches as a test outcome; a shortlist signal that no verdict rests on. */
export function sketchTest(pairs: readonly RecordPair[]): TestOutcome[] {
  const scores = pairs.flatMap(({ a, b }) => sketchScore(a, b) ?? [])
  if (scores.length === 0) return []
  const statistic = `z ${combinedScore(pairs).toFixed(1)} over ${scores.length} sketches`
  return [{ id: 'sketch', view: 'matrices of matched places', statistic, log10p: null, assumption: '' }]
}

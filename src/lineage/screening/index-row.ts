/**
 * What of a fingerprint stands in the index: short sketches that are searched fast, and its digests.
 *
 * Everything is drawn from bits that the fingerprint holds already, at places that its shape alone decides, so that an
 * index can be made from fingerprints of any age without reading weights again. Matrices count that permuting hidden
 * units leaves comparable in name and that every converter keeps in one order: gate, up, down, v and o of the layers.
 *
 * - whole: up to 4,096 sign bits spread evenly over all layers;
 * - layers: up to 512 sign bits of each layer, so that any layer can meet any layer of the same shape;
 * - gains: 512 sign bits of the centred norm gains; tokens: 512 sign bits of embedding entries. Both survive a
 *   renumbering of hidden units. They order candidates and carry no probability.
 *
 * Source: lineage-weights design, section 5(e).
 */
import { canonicalJson, sha256 } from '../../base/index.ts'
import { isLearnedRole } from '../weights/learned.ts'
import { recordSize } from '../fingerprint/compare-records.ts'
import type { Fingerprint, TensorRecord } from '../fingerprint/fingerprint.ts'
import { encodeFingerprint } from '../fingerprint/twf.ts'
import type { Role } from '../weights/families/family.ts'

/** Bytes of the sketch of a whole model. */
export const WHOLE_BYTES = 512
/** Bytes of the sketch of a layer, of the gains and of the tokens. */
export const SHORT_BYTES = 64

/** Which partition a row belongs to: only rows of one place are held against each other bit by bit. */
export interface IndexPlace {
  /** 16 hex digits over all sketched matrices of all layers. */
  readonly place: string
  /** 16 hex digits over the shapes that layers have, whatever their number. */
  readonly shape: string
  /** Dimensions of the residual stream; 0 when unknown. */
  readonly width: number
  readonly layers: number
  /** Bits of the whole sketch that mean something, at most 4,096. */
  readonly wholeBits: number
  /** The same of a layer, at most 512. */
  readonly layerBits: number
}

/** One model of the index. */
export interface IndexRow extends IndexPlace {
  /** Identity of the model, `tw1:…`. */
  readonly model: string
  /** SHA-256 of the fingerprint file, hex. */
  readonly fingerprint: string
  readonly whole: Uint8Array
  /** Layers × 64 bytes. */
  readonly layerSketches: Uint8Array
  readonly gains: Uint8Array
  readonly tokens: Uint8Array
  /** First 8 bytes of the canonical digests of its matrices, 16 hex digits each, ascending, each once. */
  readonly digests: readonly string[]
}

const SKETCHED: readonly Role[] = ['gate', 'up', 'down', 'v', 'o']
/** Smaller tensors may be equal by accident of initialisation. */
const LEAST_ELEMENTS = 4096

type Sketched = TensorRecord & { readonly sketch: Uint8Array }

function isSketched(record: TensorRecord): record is Sketched {
  return record.sketch !== null && record.layer >= 0 && !record.bias && SKETCHED.includes(record.role)
}

function bitAt(bytes: Uint8Array, bit: number): number {
  return ((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1
}

/** Copies bits that stand evenly spread; as many as there are when they are fewer than there is room for. */
function pickBits(
  source: Uint8Array,
  total: number,
  size: number,
): { readonly bytes: Uint8Array; readonly bits: number } {
  const bits = Math.min(8 * size, total)
  const bytes = new Uint8Array(size)
  for (let i = 0; i < bits; i++) {
    const bit = bitAt(source, Math.floor((i * total) / bits))
    bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (bit << (i & 7))
  }
  return { bytes, bits }
}

function shapeOf({ role, rows, columns, sketch }: Sketched): readonly unknown[] {
  return [role, rows, columns, sketch.length]
}

function keyOf(parts: readonly unknown[]): string {
  return sha256(canonicalJson(parts)).slice(0, 16)
}

function placeOf(records: readonly Sketched[], width: number): Pick<IndexPlace, 'place' | 'shape'> {
  const shapes = [...new Set(records.map((record) => canonicalJson(shapeOf(record))))].toSorted()
  return {
    place: keyOf([width, records.map((record) => [record.layer, ...shapeOf(record)])]),
    shape: keyOf([width, shapes]),
  }
}

function sketchLayers(records: readonly Sketched[], layers: number): Pick<IndexRow, 'layerSketches' | 'layerBits'> {
  const byLayer = Map.groupBy(records, ({ layer }) => layer)
  const layerSketches = new Uint8Array(layers * SHORT_BYTES)
  let layerBits = records.length === 0 ? 0 : 8 * SHORT_BYTES
  for (const [layer, group] of byLayer) {
    const source = Buffer.concat(group.map(({ sketch }) => sketch))
    const { bytes, bits } = pickBits(source, 8 * source.length, SHORT_BYTES)
    layerSketches.set(bytes, layer * SHORT_BYTES)
    layerBits = Math.min(layerBits, bits)
  }
  return { layerSketches, layerBits }
}

function signsOfGains({ gains }: Fingerprint): Uint8Array {
  const values = gains.filter(({ bias }) => !bias).flatMap(({ sketch }) => [...sketch])
  const signs = new Uint8Array(Math.ceil(values.length / 8))
  for (const [i, value] of values.entries()) if (value < 0) signs[i >> 3] = (signs[i >> 3] ?? 0) | (1 << (i & 7))
  return pickBits(signs, values.length, SHORT_BYTES).bytes
}

function signsOfTokens({ residual }: Fingerprint): Uint8Array {
  const kit = residual.find(({ role }) => role === 'embedding')
  return kit === undefined ? new Uint8Array(SHORT_BYTES) : pickBits(kit.bits, 8 * kit.bits.length, SHORT_BYTES).bytes
}

function digestsOf({ records }: Fingerprint): readonly string[] {
  const matrices = records.filter((record) => {
    const { rows, columns, rms } = record
    return isLearnedRole(record.role) && rows > 1 && columns > 1 && recordSize(record) >= LEAST_ELEMENTS && rms > 0
  })
  return [...new Set(matrices.map(({ canonical }) => canonical))].toSorted()
}

/** The row of a fingerprint. A fingerprint without anything to compare gives one that nothing meets. */
export function indexRow(fingerprint: Fingerprint): IndexRow {
  const { width, layers, artefact } = fingerprint
  const records = fingerprint.records.filter(isSketched)
  const source = Buffer.concat(records.map(({ sketch }) => sketch))
  const whole = pickBits(source, 8 * source.length, WHOLE_BYTES)
  return {
    model: artefact,
    fingerprint: sha256(encodeFingerprint(fingerprint)),
    ...placeOf(records, width),
    width,
    layers,
    whole: whole.bytes,
    wholeBits: whole.bits,
    ...sketchLayers(records, layers),
    gains: signsOfGains(fingerprint),
    tokens: signsOfTokens(fingerprint),
    digests: digestsOf(fingerprint),
  }
}

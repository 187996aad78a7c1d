/**
 * The registration kit: signs of a few numbers of a few units, drawn in public.
 *
 * One bit a number says most about an angle, and 64 units of 96 bits a layer already decide between kin and chance
 * (1/64! is 1e-89). How many bits each unit gets follows from the number of layers, so that the file keeps its size.
 */
import { MIN_WIDTH } from '../weights/fixed-point.ts'
import { residualWidth, testableMlps, type Mlp } from '../weights/mlp.ts'
import type { Part } from '../weights/part.ts'
import { isTrained, readGains, type Gains } from '../weights/residual.ts'
import { publicDraw, PUBLIC_SEED, seedKey, type Draw } from '../weights/sampling.ts'
import { readUnits, residualDimensions, type RowSource, type UnitMatrix } from '../weights/unit-matrix.ts'
import type { Weights } from '../weights/weights.ts'
import {
  GAIN_BUCKETS,
  KIT_UNITS,
  MOST_BITS,
  RESIDUAL_DIMENSIONS,
  RESIDUAL_TOKENS,
  type GainSketch,
  type KitLayer,
  type ResidualKit,
  type UnitKit,
} from './fingerprint.ts'

/** Fewest bits of a view; with more layers than these fit, layers are left out evenly. */
const LEAST_BITS = 16
/** Bytes before the bits of a layer. */
const LAYER_BYTES = 4
/** Sketches of gains that are kept at most; of more norms those of every second, third … layer. */
const MOST_GAINS = 161

/** Signs of the rows of a matrix, each row on whole bytes; 1 below zero. */
export function packSigns(rows: Float32Array, dimension: number): Uint8Array {
  const size = Math.ceil(dimension / 8)
  const out = new Uint8Array((rows.length / dimension) * size)
  for (let at = 0; at < rows.length; at++) {
    const bit = at % dimension
    const byte = Math.floor(at / dimension) * size + (bit >> 3)
    if ((rows[at] ?? 0) < 0) out[byte] = (out[byte] ?? 0) | (1 << (bit & 7))
  }
  return out
}

/** What a kit is cut to fit: bytes and layers that it may take, and a few bytes for each layer's number. */
interface KitSize {
  readonly views: number
  readonly bytes: number
  readonly layers: number
}

function bitsPerView(layers: number, inner: number, { views, bytes }: KitSize): number {
  const affordable = Math.floor((8 * (bytes - LAYER_BYTES * layers)) / (layers * KIT_UNITS * views))
  return Math.floor(Math.max(LEAST_BITS, Math.min(MOST_BITS, inner, affordable)) / 8) * 8
}

function keptLayers(mlps: readonly Mlp[], { views, bytes, layers }: KitSize): readonly Mlp[] {
  const most = Math.min(layers, Math.floor(bytes / (LAYER_BYTES + (KIT_UNITS * views * LEAST_BITS) / 8)))
  if (mlps.length <= most) return mlps
  return mlps.filter((_, i) => Math.floor((i * most) / mlps.length) !== Math.floor(((i - 1) * most) / mlps.length))
}

/** Which units and which of their coordinates are read. */
export interface WantedUnits {
  readonly units: Uint32Array
  readonly coordinates: Uint32Array
}

/** The signs of the wanted units of one matrix, each unit on whole bytes. */
export function readUnitSigns(source: RowSource, matrix: UnitMatrix, wanted: WantedUnits): Uint8Array {
  return packSigns(readUnits(source, matrix, wanted), wanted.coordinates.length)
}

function readKitLayer(weights: Weights, mlp: Mlp, wanted: WantedUnits): KitLayer {
  const views = [...mlp.views].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const packed = views.map(([, matrix]) => readUnitSigns(weights, matrix, wanted))
  const size = wanted.coordinates.length / 8
  const bits = new Uint8Array(wanted.units.length * views.length * size)
  for (const [view, signs] of packed.entries())
    for (let unit = 0; unit < wanted.units.length; unit++)
      bits.set(signs.subarray(unit * size, (unit + 1) * size), (unit * views.length + view) * size)
  return { layer: mlp.layer, views: views.map(([view]) => view), bits }
}

/** How units are drawn, and of how many layers at most. */
export interface UnitDraw {
  readonly draw: Draw
  readonly layers: number
}

/** Reads a kit of at most so many bytes; null when no layer is wide enough. */
export function readUnitKit(
  weights: Weights,
  bytes: number,
  { draw, layers: mostLayers }: UnitDraw = { draw: publicDraw, layers: Infinity },
): UnitKit | null {
  const [first] = testableMlps(weights.model)
  if (first === undefined) return null
  const all = testableMlps(weights.model).filter(({ inner }) => inner === first.inner)
  const size = { views: Math.max(...all.map((mlp) => mlp.views.size)), bytes, layers: mostLayers }
  const mlps = keptLayers(all, size)
  const width = Math.min(...all.map((mlp) => mlp.width))
  const bits = bitsPerView(mlps.length, first.inner, size)
  const units = draw('units', { size: width, count: KIT_UNITS })
  const coordinates = draw('coordinates', { size: first.inner, count: bits })
  if (bits > first.inner) return null
  const layers = mlps.map((mlp) => readKitLayer(weights, mlp, { units, coordinates }))
  return { width, units: units.length, inner: first.inner, bitsPerView: bits, layers }
}

function centreRows(rows: Float32Array, dimension: number): void {
  for (let from = 0; from < rows.length; from += dimension) {
    let sum = 0
    for (let i = from; i < from + dimension; i++) sum += rows[i] ?? 0
    for (let i = from; i < from + dimension; i++) rows[i] = (rows[i] ?? 0) - sum / dimension
  }
}

/** Signs of drawn columns of a token matrix after each token was centred over all dimensions. */
export function readResidualKit(
  source: Pick<Weights, 'rows'>,
  part: Part,
  { role, draw, count }: ResidualDraw & { readonly role: ResidualKit['role'] },
): ResidualKit {
  const matrix = residualDimensions(part)
  const dimensions = draw('dimensions', { size: matrix.units, count: RESIDUAL_DIMENSIONS })
  const tokens = draw('tokens', { size: matrix.length, count })
  const columns = new Float32Array(dimensions.length * tokens.length)
  for (const [at, token] of tokens.entries()) {
    const row = source.rows(part, token, 1)
    centreRows(row, row.length)
    for (const [i, dimension] of dimensions.entries()) columns[i * tokens.length + at] = row[dimension] ?? 0
  }
  const bits = packSigns(columns, tokens.length)
  return { role, vocabulary: matrix.length, tokens: tokens.length, dimensions: dimensions.length, bits }
}

/** How tokens are drawn, and how many; the draw of fewer is a part of the draw of more. */
export interface ResidualDraw {
  readonly draw: Draw
  readonly count: number
}

/** Reads the kits of embedding and head, as far as they are there and wide enough. */
export function readResidualKits(
  weights: Weights,
  { draw = publicDraw, count = RESIDUAL_TOKENS }: Partial<ResidualDraw> = {},
): ResidualKit[] {
  const width = residualWidth(weights.model)
  return (['embedding', 'head'] as const).flatMap((role) => {
    const part = weights.model.parts.find((each) => each.role === role && !each.bias && each.rows > 1 && each.layer < 0)
    return part?.columns === width && width >= MIN_WIDTH ? [readResidualKit(weights, part, { role, draw, count })] : []
  })
}

const GAIN_KEY = seedKey(PUBLIC_SEED, 'gains')

/** Adds centred gains into 64 signed buckets and scales the largest to 127. */
export function sketchGains(gains: Float32Array): Int8Array {
  const mean = gains.reduce((sum, value) => sum + value, 0) / gains.length
  const buckets = new Float64Array(GAIN_BUCKETS)
  for (const [i, value] of gains.entries()) {
    let hash = Math.imul(i + 1, 0x9e3779b1) ^ GAIN_KEY
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b)
    hash ^= hash >>> 13
    const bucket = (hash >>> 1) % GAIN_BUCKETS
    buckets[bucket] = (buckets[bucket] ?? 0) + (hash & 1 ? mean - value : value - mean)
  }
  const largest = buckets.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return Int8Array.from(buckets, (value) => (largest > 0 ? Math.round((127 * value) / largest) : 0))
}

/** Sketches the gains of all norms of the residual stream that were trained. */
export function readGainSketches(weights: Weights): GainSketch[] {
  const gains: Gains = readGains(weights, residualWidth(weights.model))
  const all = weights.model.parts.filter((part) => part.role.endsWith('norm'))
  const step = Math.ceil(all.length / MOST_GAINS)
  const norms = all.filter(({ layer }) => layer < 0 || layer % step === 0)
  return norms.flatMap((part) => {
    const vector = gains.get(`${part.layer}/${part.role}${part.bias ? '-bias' : ''}`)
    if (vector === undefined || !isTrained(vector)) return []
    return [{ role: part.role, bias: part.bias, layer: part.layer, sketch: sketchGains(vector) }]
  })
}

/**
 * Minutiae: what of a hidden unit neither a turn of the residual stream nor a new number nor a new scale touches.
 *
 * Of the vectors g, u, d of a unit, gains folded in: log|g|, log|u||d|, |cos(g,u)|, cos(g,d) with the sign of cos(g,u),
 * cos(u,d); without a gate log|u|, log|d| and cos(u,d). Units of two models whose minutiae are mutually nearest are
 * the seeds of a blind alignment; many of them are wrong.
 */
import { everyNumber, type LayerVectors } from './layer-vectors.ts'
import { normaliseRows } from './neighbours.ts'

/** Units of a layer that are used to fit, in the order of their numbers. */
export interface FitLayer {
  readonly units: Uint32Array
  /** Directions: gate (or up, where there is no gate), and up and down side by side with the sign of cos(g,u) fixed. */
  readonly lead: Float32Array
  readonly wings: Float32Array
  readonly length: number
  /** Minutiae in standard deviations, one row a unit. */
  readonly minutiae: readonly Float64Array[]
}

/** Units of each layer that are used; those with the longest vectors, which are the same in both models. */
const MOST_UNITS = 1536

interface Vectors {
  readonly lead: Float32Array
  readonly up: Float32Array
  readonly down: Float32Array
}

function dotOf(a: Float32Array, b: Float32Array, at: { readonly from: number; readonly length: number }): number {
  let sum = 0
  for (let i = at.from; i < at.from + at.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return Number.isFinite(sum) ? sum : 0
}

function cosine(dot: number, x: number, y: number): number {
  return x > 0 && y > 0 ? dot / Math.sqrt(x * y) : 0
}

/** Minutiae of each unit, before they are standardised; the second value is the sign of cos(g,u). */
function measure({ lead, up, down }: Vectors, unit: number, length: number): readonly [number[], number] {
  const at = { from: unit * length, length }
  const [gg, uu, dd] = [dotOf(lead, lead, at), dotOf(up, up, at), dotOf(down, down, at)]
  const log = (square: number): number => 0.5 * Math.log(Math.max(square, 1e-60))
  const ud = cosine(dotOf(up, down, at), uu, dd)
  if (lead === up) return [[log(uu), log(dd), ud], 1]
  const gu = cosine(dotOf(lead, up, at), gg, uu)
  const gd = cosine(dotOf(lead, down, at), gg, dd)
  return [[log(gg), log(uu) + log(dd), Math.abs(gu), gu < 0 ? -gd : gd, ud], gu < 0 ? -1 : 1]
}

function standardise(rows: readonly (readonly number[])[]): Float64Array[] {
  const width = rows[0]?.length ?? 0
  const scales = Array.from({ length: width }, (_, column) => {
    const values = rows.map((row) => row[column] ?? 0)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
    return { mean, spread }
  })
  return rows.map((row) =>
    Float64Array.from(scales, ({ mean, spread }, column) => (spread > 0 ? ((row[column] ?? 0) - mean) / spread : 0)),
  )
}

/** Up and down of each unit side by side, each of unit length, turned to the sign of cos(g,u). */
function joinWings(
  up: Float32Array,
  down: Float32Array,
  at: { signs: readonly number[]; length: number },
): Float32Array {
  const { signs, length } = at
  const [x, y] = [normaliseRows(up, length).rows, normaliseRows(down, length).rows]
  const out = new Float32Array(2 * up.length)
  for (const [unit, sign] of signs.entries())
    for (let i = 0; i < length; i++) {
      out[2 * unit * length + i] = sign * (x[unit * length + i] ?? 0)
      out[(2 * unit + 1) * length + i] = sign * (y[unit * length + i] ?? 0)
    }
  return out
}

function readVectors(layer: LayerVectors, units: Uint32Array): Vectors {
  const coordinates = everyNumber(layer.length)
  const up = layer.read('up', units, coordinates)
  const lead = layer.views.includes('gate') ? layer.read('gate', units, coordinates) : up
  return { lead, up, down: layer.read('down', units, coordinates) }
}

/** The longest units of a wide layer. Reads it in slices. */
function longestUnits(layer: LayerVectors): Uint32Array {
  if (layer.width <= MOST_UNITS) return everyNumber(layer.width)
  const sizes: { unit: number; size: number }[] = []
  for (let from = 0; from < layer.width; from += MOST_UNITS) {
    const units = everyNumber(Math.min(MOST_UNITS, layer.width - from)).map((unit) => unit + from)
    const vectors = readVectors(layer, units)
    for (const [i, unit] of units.entries()) {
      const [values] = measure(vectors, i, layer.length)
      sizes.push({ unit, size: (values[0] ?? 0) + (values[1] ?? 0) })
    }
  }
  const longest = sizes.toSorted((x, y) => y.size - x.size || x.unit - y.unit).slice(0, MOST_UNITS)
  return Uint32Array.from(longest, ({ unit }) => unit).sort()
}

/** Reads a layer to fit by; null when it has no pair of up and down. */
export function readFitLayer(layer: LayerVectors): FitLayer | null {
  if (!layer.views.includes('up') || !layer.views.includes('down')) return null
  const units = longestUnits(layer)
  const { length } = layer
  const vectors = readVectors(layer, units)
  const measured = Array.from(units, (_, i) => measure(vectors, i, length))
  const signs = measured.map(([, sign]) => sign)
  return {
    units,
    lead: normaliseRows(vectors.lead, length).rows,
    wings: joinWings(vectors.up, vectors.down, { signs, length }),
    length,
    minutiae: standardise(measured.map(([values]) => values)),
  }
}

/** Pairs of places whose minutiae are mutually nearest, with weights that fall with their distance. */
export function seedPairs(
  a: FitLayer,
  b: FitLayer,
): { readonly i: number; readonly j: number; readonly weight: number }[] {
  const nearest = (from: FitLayer, to: FitLayer): { place: number; distance: number }[] =>
    from.minutiae.map((row) => {
      const best = { place: -1, distance: Infinity }
      for (const [j, other] of to.minutiae.entries()) {
        let distance = 0
        for (let k = 0; k < row.length; k++) distance += ((row[k] ?? 0) - (other[k] ?? 0)) ** 2
        if (distance < best.distance) Object.assign(best, { place: j, distance })
      }
      return best
    })
  const back = nearest(b, a)
  return nearest(a, b).flatMap(({ place, distance }, i) =>
    place >= 0 && back[place]?.place === i ? [{ i, j: place, weight: Math.exp(-2 * distance) }] : [],
  )
}

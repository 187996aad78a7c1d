/**
 * Gathers evidence from two fingerprints, with the same tests and the same bounds as between weights.
 *
 * Signs become ±1 and neighbours are sought by cosine among the drawn units that both have, over the coordinates that
 * both have. Coordinates weigh a little differently, so that distances do not tie; the weights do not look at the
 * numbers of units and cost the bound nothing.
 */
import { nearestByCosine } from '../../simd/index.ts'
import { signsOfChanges } from '../direction/direction-signs.ts'
import { NO_BEGINNINGS } from '../seeds/beginnings.ts'
import { cosine as cosineOf } from '../weights/cosine.ts'
import { layerChanges } from '../weights/layer-changes.ts'
import { buildLayerMap, unmatchedCounts, type LayerMap, type Neighbours, type ViewCell } from '../weights/layer-map.ts'
import { combineLog10, KIN_LOG10 } from '../weights/family-wise.ts'
import { log10Tail, type FixedPoints } from '../weights/fixed-point.ts'
import { NEVER_TESTED, unusableEvidence, type Evidence } from '../weights/evidence.ts'
import { negativeControl } from '../weights/negative-control.ts'
import type { ResidualTest } from '../weights/residual.ts'
import { publicDraw, type Draw } from '../weights/sampling.ts'
import type { SharedTraining } from '../weights/shared-training.ts'
import { unreadNote } from '../weights/unread.ts'
import { othersNote } from '../weights/learned.ts'
import { computePower, type PowerPlan } from '../weights/power.ts'
import { partnersOf } from '../weights/partners.ts'
import type { Fingerprint, KitLayer, ResidualKit, UnitKit } from './fingerprint.ts'
import { blurredKit, unmeasuredNote } from './blurred-fingerprint.ts'
import { intersect, unpack, type Common } from './kit-bits.ts'
import { recordChanges } from './record-changes.ts'
import { compareRecords, sketchTest } from './compare-records.ts'

/** Fewer common units than these say nothing. */
const LEAST_UNITS = 32
/** Fewer common bits than these blur the neighbours too much. */
const LEAST_COMMON_BITS = 16

function fixedAmong(
  a: Float32Array,
  b: Float32Array,
  at: { readonly numbers: Uint32Array; readonly width: number },
): { readonly points: FixedPoints; readonly neighbours: Neighbours } {
  const found = nearestByCosine(a, b, at.width)
  const nearest = Int32Array.from(found.index, (place, i) => (found.tied[i] === 1 ? -1 : (at.numbers[place] ?? -1)))
  const fixed = nearest.reduce((count, number, i) => count + Number(number === at.numbers[i]), 0)
  const sampled = at.numbers.length
  const points = { sampled, width: sampled, fixed, log10p: log10Tail(sampled, sampled, fixed) }
  return { points, neighbours: { units: at.numbers, nearest } }
}

interface KitPair {
  readonly a: UnitKit
  readonly b: UnitKit
  readonly units: Common
  readonly bits: Common
}

function pairKits(a: UnitKit | null, b: UnitKit | null, draw: Draw): KitPair | null {
  if (a === null || b === null || a.inner !== b.inner) return null
  const drawn = (kit: UnitKit): Uint32Array => draw('units', { size: kit.width, count: kit.units })
  const seen = (kit: UnitKit): Uint32Array => draw('coordinates', { size: kit.inner, count: kit.bitsPerView })
  const units = intersect(drawn(a), drawn(b))
  const bits = intersect(seen(a), seen(b))
  return units.numbers.length < LEAST_UNITS || bits.numbers.length < LEAST_COMMON_BITS ? null : { a, b, units, bits }
}

interface UnpackedLayer {
  readonly layer: number
  readonly views: string
  readonly rows: Float32Array
}

/** What both kits show of their units. */
interface UnpackPlan {
  readonly units: readonly number[]
  readonly columns: readonly number[]
  readonly views: ReadonlySet<string>
}

function unpackLayer(kit: UnitKit, layer: KitLayer, { units, columns, views }: UnpackPlan): UnpackedLayer {
  const size = kit.bitsPerView / 8
  const groups = layer.views.flatMap((view, place) => (views.has(view) ? [place * size] : []))
  const rows = unpack(layer.bits, { rows: units, rowBytes: size * layer.views.length, groups, columns })
  return { layer: layer.layer, views: layer.views.filter((view) => views.has(view)).join(), rows }
}

function viewsOf({ layers }: UnitKit): ReadonlySet<string> {
  return new Set(layers.flatMap(({ views }) => views))
}

function unpackKits(pair: KitPair): { readonly a: readonly UnpackedLayer[]; readonly b: readonly UnpackedLayer[] } {
  const { a, b, units, bits } = pair
  const views = viewsOf(a).intersection(viewsOf(b))
  return {
    a: a.layers.map((layer) => unpackLayer(a, layer, { units: units.inA, columns: bits.inA, views })),
    b: b.layers.map((layer) => unpackLayer(b, layer, { units: units.inB, columns: bits.inB, views })),
  }
}

/** A layer map of signs, with the cosine that they estimate. */
export interface KitMap {
  readonly map: LayerMap
  /** Why silence would say nothing: units whose signs are those of others. */
  readonly blurred: readonly string[]
  readonly cosine: (a: number, b: number) => number | null
  /** Without the residual tests. */
  readonly plan: PowerPlan | null
}

/** What of a fingerprint its layer map needs. */
export type Mapped = Pick<Fingerprint, 'kit' | 'layers'>

/** The layer map of two kits whose units were drawn alike. */
export function mapKits(a: Mapped, b: Mapped, draw: Draw = publicDraw): KitMap {
  const pair = pairKits(a.kit, b.kit, draw)
  if (pair === null) return { map: buildLayerMap([], a.layers, b.layers), blurred: [], cosine: () => null, plan: null }
  const layers = unpackKits(pair)
  const { numbers } = pair.units
  const cells = layers.a.flatMap((ours) =>
    layers.b.flatMap((theirs): ViewCell[] => {
      if (ours.views !== theirs.views || ours.rows.length === 0) return []
      const found = fixedAmong(ours.rows, theirs.rows, { numbers, width: ours.rows.length / numbers.length })
      return [{ view: 'unit signs', a: ours.layer, b: theirs.layer, ...found }]
    }),
  )
  const cosine = (layerA: number, layerB: number): number | null =>
    angleOf(layers.a.find(({ layer }) => layer === layerA)?.rows, layers.b.find(({ layer }) => layer === layerB)?.rows)
  const plan = {
    units: numbers.length,
    coordinates: (layers.a[0]?.rows.length ?? 0) / numbers.length,
    layers: Math.min(layers.a.length, layers.b.length),
    tests: cells.length,
    signs: true,
  }
  const blurred = [...blurredKit('A', layers.a, numbers.length), ...blurredKit('B', layers.b, numbers.length)]
  return { map: buildLayerMap(cells, a.layers, b.layers), blurred, cosine, plan }
}

/** The cosine that the share of equal signs estimates. */
function angleOf(a: Float32Array | undefined, b: Float32Array | undefined): number | null {
  if (a === undefined || b?.length !== a.length) return null
  const differing = a.reduce((count, value, i) => count + Number(value * (b[i] ?? 0) < 0), 0)
  return Math.cos((Math.PI * differing) / a.length)
}

/** The fixed-point test on residual dimensions as two kits show them; empty when they cannot meet. */
export function residualTest(
  a: ResidualKit,
  b: ResidualKit,
  { widths, draw = publicDraw }: { readonly widths: readonly [number, number]; readonly draw?: Draw },
): ResidualTest[] {
  if (a.role !== b.role || widths[0] !== widths[1]) return []
  const drawn = (kit: ResidualKit): Uint32Array => draw('tokens', { size: kit.vocabulary, count: kit.tokens })
  const tokens = intersect(drawn(a), drawn(b))
  if (tokens.numbers.length < LEAST_UNITS || a.dimensions !== b.dimensions) return []
  const numbers = draw('dimensions', { size: widths[0], count: a.dimensions })
  const rows = numbers.length === 0 ? [] : [...numbers.keys()]
  const read = (kit: ResidualKit, columns: readonly number[]): Float32Array =>
    unpack(kit.bits, { rows, rowBytes: Math.ceil(kit.tokens / 8), groups: [0], columns })
  const { points } = fixedAmong(read(a, tokens.inA), read(b, tokens.inB), { numbers, width: tokens.numbers.length })
  return [{ view: a.role, points }]
}

/** Mean cosine of the sketches of gains of the same place. */
function gainsOf(a: Fingerprint, b: Fingerprint, partners: ReadonlyMap<number, number>): number | null {
  const theirs = new Map(b.gains.map((gain) => [`${gain.layer}/${gain.role}/${gain.bias}`, gain.sketch]))
  const cosines = a.gains.flatMap((gain) => {
    const layer = gain.layer < 0 ? gain.layer : partners.get(gain.layer)
    const other =
      layer === undefined || a.width !== b.width ? undefined : theirs.get(`${layer}/${gain.role}/${gain.bias}`)
    return other === undefined ? [] : [cosineOf(gain.sketch, other)]
  })
  return cosines.length === 0 ? null : cosines.reduce((sum, value) => sum + value, 0) / cosines.length
}

function combine(map: LayerMap, residual: readonly ResidualTest[]): number {
  const best = residual
    .map(({ points }) => ({ log10p: points.log10p, counts: points.sampled }))
    .toSorted((x, y) => x.log10p - y.log10p)
  const cells = map.aligned.map(({ best: { points } }) => ({ log10p: points.log10p, counts: points.sampled }))
  return combineLog10([...cells, ...best.slice(0, 1)], map.cells.length + residual.length)
}

/** A fifth, in 1/65535. */
const MANY_ZEROS = 13_107

const UNTESTED_BY_SIGNS = [
  'the residual stream rotated or mixed: fingerprints hold no unit shapes; compare the weights',
  'changes of single values: fingerprints hold digests and sketches only',
]

/**
 * Gathers; see the module.
 *
 * @param further tests on residual dimensions beside those that the fingerprints allow
 */
export function gatherFromFingerprints(
  a: Fingerprint,
  b: Fingerprint,
  further: readonly ResidualTest[] = [],
): Evidence {
  const unusable = [
    ...(a.insufficient === null ? [] : [`A: ${a.insufficient}.`]),
    ...(b.insufficient === null ? [] : [`B: ${b.insufficient}.`]),
    ...(a.seed === b.seed ? [] : ['The fingerprints were drawn under different seeds.']),
  ]
  if (unusable.length > 0) return unusableEvidence(unusable)
  const { map, blurred, cosine, plan } = mapKits(a, b)
  const shown = a.residual.flatMap((ours) =>
    b.residual.flatMap((theirs) => residualTest(ours, theirs, { widths: [a.width, b.width] })),
  )
  const residual = [...shown, ...further]
  const partners = partnersOf(map)
  const { equality, pairs } = compareRecords(a, b, partners)
  const dense = map.aligned.filter((cell) => isDense(a, cell.a) && isDense(b, cell.b))
  const cosines = dense.flatMap((cell) => cosine(cell.a, cell.b) ?? [])
  const shared: SharedTraining = {
    gains: gainsOf(a, b, partners),
    overlap: null,
    cosine: cosines.length === 0 ? null : cosines.reduce((sum, value) => sum + value, 0) / cosines.length,
  }
  const log10p = combine(map, residual)
  const isKin = log10p <= KIN_LOG10 || equality.equalMatrices > 0
  const changes = isKin ? [...layerChanges(map), ...recordChanges({ a, b, pairs, shared, equality, map })] : []
  return {
    unusable,
    narrow: [
      ...narrownessOf(a, 'A'),
      ...narrownessOf(b, 'B'),
      ...(isKin ? [] : [...blurred, ...unmeasuredNote(a, 'A'), ...unmeasuredNote(b, 'B')]),
    ],
    map,
    residual,
    equality,
    shared,
    control: negativeControl(unmatchedCounts(map)),
    log10p,
    power: plan === null ? null : computePower({ ...plan, tests: plan.tests + residual.length }),
    changes,
    signs: signsOfChanges(changes),
    beginnings: NO_BEGINNINGS,
    alignment: null,
    undecided: [],
    further: sketchTest(pairs),
    untested: [
      ...unreadNote('A', a.unread),
      ...unreadNote('B', b.unread),
      ...othersNote(equality.equalOthers),
      ...UNTESTED_BY_SIGNS,
      ...NEVER_TESTED,
    ],
  }
}

/** A zero has no sign: where many weights are zero, signs underrate the cosine, and that measure does not vote. */
function isDense({ records }: Fingerprint, layer: number): boolean {
  return records.every((record) => record.layer !== layer || record.sketch === null || record.zeros < MANY_ZEROS)
}

function narrownessOf({ width, kit, layers }: Fingerprint, name: string): string[] {
  return [
    ...(width > 0 && width < 64 ? [`The residual stream of ${name} has ${width} dimensions; verdicts need 64.`] : []),
    ...(layers > 0 && kit === null
      ? [`All layers of ${name} have fewer than 64 hidden units or none that is known.`]
      : []),
  ]
}

/**
 * For places of a suspect's layers the units of the original that are most like what stands there.
 *
 * Matching looks at weights alone and never at a recipient's order: that is what makes the count of agreements exact.
 * A layer of the original is used at most once, so that the permutations that are tested are independent.
 */
import { nearestByCosine, type CosineNeighbours } from '../../simd/index.ts'
import { testableMlps, type Mlp, type MlpView } from '../weights/mlp.ts'
import { publicDraw } from '../weights/sampling.ts'
import { readUnits } from '../weights/unit-matrix.ts'
import type { Weights } from '../weights/weights.ts'
import { unpackView } from './kit-cells.ts'
import { maskKit } from './mask-kit.ts'
import { keyedDraw, type SecretKey } from './prf.ts'
import type { GroupPlace } from './seal-plan.ts'
import type { SecretKit } from './secret-kit.ts'

/** One layer: at place `places[i]` of the suspect stands unit `originals[i]` of the original, −1 when none is nearest. */
export interface UnitMatch extends GroupPlace {
  readonly places: Uint32Array
  readonly originals: Int32Array
}

/** Layers up to this width are looked at whole; of wider ones this many units. */
const WHOLE_WIDTH = 256
const DRAWN = 128
/** Coordinates of the residual stream that are looked at. */
const COORDINATES = 512
/** Units by which layers are paired when the suspect has more or fewer of them. */
const PAIRING_UNITS = 16

const VIEWS: readonly MlpView[] = ['gate', 'up', 'down']

function all(size: number): Uint32Array {
  return Uint32Array.from({ length: size }, (_, i) => i)
}

interface MlpPair {
  readonly suspect: Mlp
  readonly original: Mlp
}

interface Sides {
  readonly suspect: Weights
  readonly original: Weights
}

/** Nearest units of the original for some places of the suspect. */
function nearestUnits({ suspect, original }: Sides, pair: MlpPair, places: Uint32Array): CosineNeighbours | null {
  const view = VIEWS.find((each) => pair.suspect.views.has(each) && pair.original.views.has(each))
  const ours = view === undefined ? undefined : pair.suspect.views.get(view)
  const theirs = view === undefined ? undefined : pair.original.views.get(view)
  if (ours === undefined || theirs === undefined || pair.suspect.inner !== pair.original.inner) return null
  const coordinates = publicDraw('coordinates', { size: pair.original.inner, count: COORDINATES })
  const queries = readUnits(suspect, ours, { units: places, coordinates })
  const references = readUnits(original, theirs, { units: all(pair.original.width), coordinates })
  return nearestByCosine(queries, references, coordinates.length, { absolute: view !== 'gate' })
}

function expertOf(mlp: Mlp): number {
  return [...mlp.views.values()][0]?.part.expert ?? -1
}

function matchPair(sides: Sides, pair: MlpPair): UnitMatch[] {
  const size = Math.min(pair.suspect.width, pair.original.width)
  const places = publicDraw('places', { size, count: size <= WHOLE_WIDTH ? size : DRAWN })
  const found = nearestUnits(sides, pair, places)
  if (found === null) return []
  const originals = Int32Array.from(found.index, (unit, i) => (found.tied[i] === 1 ? -1 : unit | 0))
  const { layer, width } = pair.original
  return [{ layer, expert: expertOf(pair.original), width, places, originals }]
}

function likeness(sides: Sides, pair: MlpPair): number {
  const places = publicDraw('places', { size: pair.suspect.width, count: PAIRING_UNITS })
  const found = nearestUnits(sides, pair, places)
  return found === null ? -1 : found.similarity.reduce((sum, cosine) => sum + Math.abs(cosine), 0) / places.length
}

/** Layers of one number, or with unequal depths the most alike, each layer used once. */
function pairLayers(sides: Sides): MlpPair[] {
  const ours = testableMlps(sides.suspect.model)
  const theirs = testableMlps(sides.original.model)
  if (sides.suspect.model.layers === sides.original.model.layers)
    return ours.flatMap((suspect) => {
      const original = theirs.find(({ layer }) => layer === suspect.layer)
      return original === undefined ? [] : [{ suspect, original }]
    })
  const scored = ours.flatMap((suspect) =>
    theirs.map((original) => ({ suspect, original, score: likeness(sides, { suspect, original }) })),
  )
  const used = new Set<Mlp>()
  return scored
    .toSorted((a, b) => b.score - a.score)
    .filter(({ suspect, original, score }) => {
      if (score < 0 || used.has(suspect) || used.has(original)) return false
      used.add(suspect).add(original)
      return true
    })
}

function kitMatches(suspect: Weights, original: { readonly kit: SecretKit; readonly seed: SecretKey }): UnitMatch[] {
  const { units: kit, depth } = maskKit(original.kit, original.seed)
  if (kit === null || depth !== suspect.model.layers) return []
  const draw = keyedDraw(original.seed)
  const units = draw('units', { size: kit.width, count: kit.units })
  const coordinates = draw('coordinates', { size: kit.inner, count: kit.bitsPerView })
  const mlps = new Map(testableMlps(suspect.model).map((mlp) => [mlp.layer, mlp]))
  return kit.layers.flatMap((layer) => {
    const mlp = mlps.get(layer.layer)
    const view = VIEWS.find((each) => layer.views.includes(each) && mlp?.views.has(each) === true)
    const matrix = view === undefined ? undefined : mlp?.views.get(view)
    if (mlp === undefined || view === undefined || matrix === undefined) return []
    if (mlp.inner !== kit.inner || mlp.width !== kit.width) return []
    const signs = unpackView(kit, layer, { view: layer.views.indexOf(view), units: units.length })
    const values = readUnits(suspect, matrix, { units: all(mlp.width), coordinates })
    const found = nearestByCosine(signs, values, coordinates.length, { absolute: view !== 'gate' })
    const known = [...found.index.keys()].filter((i) => found.tied[i] === 0)
    return [
      {
        layer: layer.layer,
        expert: expertOf(mlp),
        width: kit.width,
        places: Uint32Array.from(known, (i) => found.index[i] ?? 0),
        originals: Int32Array.from(known, (i) => units[i] ?? -1),
      },
    ]
  })
}

/** Matches of every layer that can be matched; see the module. */
export function unitMatches(
  suspect: Weights,
  original: Weights | { readonly kit: SecretKit; readonly seed: SecretKey },
): UnitMatch[] {
  if ('kit' in original) return kitMatches(suspect, original)
  const sides = { suspect, original }
  return pairLayers(sides).flatMap((pair) => matchPair(sides, pair))
}

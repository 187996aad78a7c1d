/**
 * Examines a suspect against a kit alone: is it kin to the secret model, whose weights nobody shows?
 *
 * The tests are those of `compare`, run on what the kit holds: units, residual dimensions, equal matrices. A kit shows
 * kinship and no more: nothing in it tells whether what agrees was learned together, so the strongest verdicts are
 * `common-origin`, and `re-derived` when every matrix that both have holds the same numbers.
 *
 * Guarantee: with a key that is not the kit's, nothing is compared.
 * The mathematics: `docs/method/secret-models.md`, section 3.
 */
import { createHash } from 'node:crypto'
import type { OpenedArtefact } from '../../artefact/index.ts'
import { Fault } from '../../base/index.ts'
import type { ArtefactFacts } from '../../formats/index.ts'
import { residualTest } from '../fingerprint/compare-fingerprints.ts'
import { digestParts, type Digested, type FingerprintOptions } from '../fingerprint/fingerprint-model.ts'
import { recordSize } from '../fingerprint/compare-records.ts'
import { readResidualKits } from '../fingerprint/kit.ts'
import { NO_BEGINNINGS } from '../seeds/beginnings.ts'
import { assembleComparison } from '../weights/assemble-comparison.ts'
import type { Comparison, TestOutcome } from '../weights/comparison.ts'
import type { EqualityEvidence } from '../weights/equality-evidence.ts'
import { NEVER_TESTED, NO_EQUALITY, unusableEvidence, type Evidence } from '../weights/evidence.ts'
import { combineLog10 } from '../weights/family-wise.ts'
import { MIN_WIDTH } from '../weights/fixed-point.ts'
import { buildLayerMap, unmatchedCounts, type LayerMap } from '../weights/layer-map.ts'
import { residualWidth } from '../weights/mlp.ts'
import { negativeControl } from '../weights/negative-control.ts'
import { computePower, type Power } from '../weights/power.ts'
import { partnersOf } from '../weights/partners.ts'
import type { ResidualTest } from '../weights/residual.ts'
import { unreadNote, unreadWeights } from '../weights/unread.ts'
import { openWeights, type Weights } from '../weights/weights.ts'
import { kitCells, signCosine } from './kit-cells.ts'
import { isSketched, sketchPlace } from './keyed-sketch.ts'
import { maskKit } from './mask-kit.ts'
import { markedParts, markOf } from './make-kit.ts'
import { keyCommitment, keyedDraw, type SecretKey } from './prf.ts'
import type { SecretKit } from './secret-kit.ts'

/** How to go about it. */
export interface ExamineOptions extends FingerprintOptions {
  /** The seed of the kit. */
  readonly seed: SecretKey
}

interface Examined {
  readonly weights: Weights
  readonly kit: SecretKit
  readonly digested: readonly Digested[]
  readonly seed: SecretKey
}

const UNTESTED = [
  'whether what agrees was learned together: a kit holds no measure of it; compare the weights, or open the kit',
  'the residual stream rotated or mixed: kits hold no unit shapes',
]

function residualTests({ weights, kit, seed }: Examined): ResidualTest[] {
  const draw = keyedDraw(seed)
  const widths = [residualWidth(weights.model), kit.width] as const
  return readResidualKits(weights, { draw }).flatMap((ours) =>
    kit.residual.flatMap((theirs) => residualTest(ours, theirs, { widths, draw })),
  )
}

/** Matrices of the suspect whose values are those of the kit's matrix in the matched place. */
function equalityOf({ kit, digested, seed }: Examined, partners: ReadonlyMap<number, number>): EqualityEvidence {
  const marks = new Map(kit.places.map(({ layer, role, mark }) => [`${layer}/${role}`, Buffer.from(mark)]))
  const pairs = markedParts(digested).map((each) => {
    const layer = each.part.layer < 0 ? each.part.layer : partners.get(each.part.layer)
    const mark = layer === undefined ? undefined : marks.get(`${layer}/${each.part.role}`)
    return { ...each, b: layer ?? -1, mark, size: recordSize(each.record) }
  })
  const paired = pairs.filter(({ mark }) => mark !== undefined)
  const equal = paired.filter(({ mark, record }) => mark?.equals(markOf(seed, record.canonical)) === true)
  const sum = (list: readonly { readonly size: number }[]): number => list.reduce((total, { size }) => total + size, 0)
  const layers = new Map(equal.filter(({ part }) => part.layer >= 0).map(({ part, b }) => [part.layer, b]))
  const unpaired = pairs.filter(({ mark }) => mark === undefined)
  return {
    ...NO_EQUALITY,
    paired: paired.length,
    equalValues: equal.length,
    elements: sum(pairs),
    equalElements: sum(equal),
    // What the kit has and the suspect has not is of unknown size; it keeps the verdict below re-derived.
    unpairedElements: paired.length < kit.places.length ? sum(pairs) : sum(unpaired),
    matrices: paired.length,
    equalMatrices: equal.length,
    equalLayers: [...layers].map(([a, b]) => ({ a, b })),
  }
}

function popCount(byte: number): number {
  let count = 0
  for (let bits = byte; bits > 0; bits >>= 1) count += bits & 1
  return count
}

/** z over the keyed sketches of matched places: standard normal when all signs are independent. */
function sketchOutcome(
  { weights, kit, digested, seed }: Examined,
  partners: ReadonlyMap<number, number>,
): TestOutcome[] {
  const signs = new Map(kit.places.map((place) => [`${place.layer}/${place.role}`, place.sketch]))
  const scores = markedParts(digested).flatMap(({ part }) => {
    const layer = part.layer < 0 ? part.layer : (partners.get(part.layer) ?? part.layer)
    const theirs = signs.get(`${layer}/${part.role}`)
    if (theirs?.some((byte) => byte !== 0) !== true || !isSketched(part)) return []
    const ours = sketchPlace(weights, part, seed)
    const differing = ours.reduce((count, byte, i) => count + popCount(byte ^ (theirs[i] ?? 0)), 0)
    return [Math.sqrt(8 * ours.length) * (1 - (2 * differing) / (8 * ours.length))]
  })
  if (scores.length === 0) return []
  const z = scores.reduce((sum, score) => sum + score, 0) / Math.sqrt(scores.length)
  const statistic = `z ${z.toFixed(1)} over ${scores.length} keyed sketches`
  return [{ id: 'sketch', view: 'matrices of matched places', statistic, log10p: null, assumption: '' }]
}

function cosineOutcome({ weights, kit, seed }: Examined, map: LayerMap): TestOutcome[] {
  const units = kit.units
  const cosines =
    units === null
      ? []
      : map.aligned.flatMap((cell) => signCosine({ weights, kit: units, draw: keyedDraw(seed) }, cell) ?? [])
  if (cosines.length === 0) return []
  const mean = cosines.reduce((sum, value) => sum + value, 0) / cosines.length
  const view = 'mean cosine of units of the same number, from signs'
  return [{ id: 'cosine', view, statistic: mean.toFixed(2), log10p: null, assumption: '' }]
}

function combine(map: LayerMap, residual: readonly ResidualTest[]): number {
  const views = map.cells.reduce((sum, cell) => sum + cell.views.length, 0)
  const cells = map.aligned.map(({ best: { points } }) => ({ log10p: points.log10p, counts: points.sampled }))
  const best = residual
    .map(({ points }) => ({ log10p: points.log10p, counts: points.sampled }))
    .toSorted((x, y) => x.log10p - y.log10p)
  return combineLog10([...cells, ...best.slice(0, 1)], views + residual.length)
}

/** By signs on both sides, which never overstates what signs against values find. */
function powerOf({ units }: SecretKit, map: LayerMap, residual: readonly ResidualTest[]): Power | null {
  if (units === null || map.cells.length === 0) return null
  return computePower({
    units: map.cells[0]?.best.points.sampled ?? units.units,
    coordinates: units.bitsPerView,
    layers: Math.min(units.layers.length, map.layersA),
    tests: map.cells.reduce((sum, { views }) => sum + views.length, 0) + residual.length,
    signs: true,
  })
}

function narrownessOf({ weights, kit }: Examined): string[] {
  const width = residualWidth(weights.model)
  const say = (name: string, dimensions: number): string[] =>
    dimensions > 0 && dimensions < MIN_WIDTH
      ? [`The residual stream of ${name} has ${dimensions} dimensions; verdicts need ${MIN_WIDTH}.`]
      : []
  return [...say('A', width), ...say('the kit', kit.width)]
}

function gather(examined: Examined): Evidence {
  const { weights, kit, seed } = examined
  const { unusable } = weights.model
  if (unusable !== null) return unusableEvidence([`A: ${unusable}.`])
  const cells = kit.units === null ? [] : kitCells({ weights, kit: kit.units, draw: keyedDraw(seed) })
  const map = buildLayerMap(cells, weights.model.layers, kit.depth)
  const residual = residualTests(examined)
  const partners = partnersOf(map)
  return {
    unusable: [],
    narrow: narrownessOf(examined),
    map,
    residual,
    equality: equalityOf(examined, partners),
    shared: { gains: null, overlap: null, cosine: null },
    control: negativeControl(unmatchedCounts(map)),
    log10p: combine(map, residual),
    power: powerOf(kit, map, residual),
    changes: [],
    signs: [],
    beginnings: NO_BEGINNINGS,
    alignment: null,
    undecided: [],
    further: [...cosineOutcome(examined, map), ...sketchOutcome(examined, partners)],
    untested: [...unreadNote('A', unreadWeights(weights.facts).length), ...UNTESTED, ...NEVER_TESTED],
  }
}

/** True for an examination that found kin. */
export function isKin({ verdict }: Comparison): boolean {
  return verdict === 're-derived' || verdict === 'common-origin'
}

/** A name for the draws of a key that may be printed. */
function publicSeed(kit: SecretKit): string {
  return createHash('sha256').update(`secret kit ${kit.key}`).digest('hex')
}

/**
 * Examines a model, as A, against a kit, as B.
 *
 * @throws Fault `wrong-key` when the key is not that of the kit; `cancelled`, `changed-while-read`
 */
export async function examineAgainstKit(
  suspect: { readonly opened: OpenedArtefact; readonly facts: ArtefactFacts },
  kit: SecretKit,
  options: ExamineOptions,
): Promise<Comparison> {
  if (keyCommitment(options.seed) !== kit.key)
    throw new Fault('wrong-key', `the key is not that of the kit, which was made under ${kit.key.slice(0, 16)}…`)
  const weights = openWeights(suspect.opened, suspect.facts)
  try {
    const digested = await digestParts(weights, options)
    return assembleComparison(
      gather({ weights, kit: maskKit(kit, options.seed), digested, seed: options.seed }),
      publicSeed(kit),
    )
  } finally {
    weights.close()
  }
}

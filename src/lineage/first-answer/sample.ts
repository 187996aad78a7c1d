/**
 * The sample of a model that a first answer rests on: a fingerprint of a part of it.
 *
 * Read are the drawn units of some layers in one view (gate, else up), drawn rows of the embedding, and norm gains. The
 * draw is that of all fingerprints, so that a sample meets samples and whole fingerprints alike, and the tests between
 * them are as exact; it only covers less. No digest is taken: what was not read cannot be digested.
 *
 * What is read depends on the shape of the model and never on its values. So a dry run, in which every read gives
 * zeros, tells which bytes a sample needs before any of them is here.
 */
import type { OpenedArtefact } from '../../artefact/index.ts'
import { Fault, sha256 } from '../../base/index.ts'
import type { ArtefactFacts } from '../../formats/index.ts'
import { KIT_UNITS, MOST_BITS, type Fingerprint, type KitLayer, type UnitKit } from '../fingerprint/fingerprint.ts'
import { packSigns, readGainSketches, readResidualKits } from '../fingerprint/kit.ts'
import { residualWidth, testableMlps, type Mlp } from '../weights/mlp.ts'
import type { Part } from '../weights/part.ts'
import { readGains, type Gains } from '../weights/residual.ts'
import { draw, PUBLIC_SEED } from '../weights/sampling.ts'
import { readUnits } from '../weights/unit-matrix.ts'
import { unreadWeights } from '../weights/unread.ts'
import { openWeights, weightsOver, type Weights } from '../weights/weights.ts'
import { rangeBytes, type WantedRange } from './plan-ranges.ts'

/** How much of a model is read. */
export interface SampleSize {
  /** Layers whose units are read, evenly spread; all when left out. */
  readonly layers?: number
}

/** A sample. */
export interface ModelSample {
  /** A fingerprint without digests and with a kit of some layers. */
  readonly fingerprint: Fingerprint
  readonly gains: Gains
  /** Layers whose units were read. */
  readonly layers: readonly number[]
  /** Bytes that the sample needed, each counted once. */
  readonly bytes: number
}

/** Tokens whose rows of the embedding are read. */
const TOKENS = 128
/** Layers whose norms are read. */
const NORM_LAYERS = 32
/** Numbers are drawn below this; nothing that is larger is looked at. */
const MOST_DRAWN = 2 ** 21

/** Members of a list, evenly spread. */
function spread<T>(list: readonly T[], count: number): readonly T[] {
  if (count >= list.length) return list
  return Array.from({ length: count }, (_, i) => list[Math.floor(((i + 0.5) * list.length) / count)]).flatMap((one) =>
    one === undefined ? [] : [one],
  )
}

function isNorm({ role }: Part): boolean {
  return role.endsWith('norm')
}

/** The same weights without what a sample leaves out: other norms, and a head beside an embedding. */
function narrowed(weights: Weights): Weights {
  const { model } = weights
  const kept = new Set(
    spread(
      [...new Set(model.parts.filter(isNorm).map(({ layer }) => layer))].toSorted((a, b) => a - b),
      NORM_LAYERS,
    ),
  )
  const hasEmbedding = model.parts.some(({ role }) => role === 'embedding')
  const parts = model.parts.filter((part) => {
    if (part.rows > MOST_DRAWN || part.columns > MOST_DRAWN) return false
    if (isNorm(part)) return part.layer < 0 || kept.has(part.layer)
    return part.role !== 'head' || !hasEmbedding
  })
  return { ...weights, model: { ...model, parts } }
}

function viewOf({ views }: Mlp): 'gate' | 'up' | undefined {
  return views.has('gate') ? 'gate' : views.has('up') ? 'up' : undefined
}

function readLayer(weights: Weights, mlp: Mlp, wanted: { units: Uint32Array; coordinates: Uint32Array }): KitLayer[] {
  const view = viewOf(mlp)
  const matrix = view === undefined ? undefined : mlp.views.get(view)
  if (view === undefined || matrix === undefined) return []
  const bits = packSigns(readUnits(weights, matrix, wanted), wanted.coordinates.length)
  return [{ layer: mlp.layer, views: [view], bits }]
}

/** Coordinates of a unit that are read: all of a stored row, and as many as a fingerprint has of a stored column. */
function coordinateCount(mlp: Mlp): number {
  const view = viewOf(mlp)
  const isRow = view !== undefined && mlp.views.get(view)?.axis === 'row'
  return 8 * Math.floor((isRow ? mlp.inner : Math.min(mlp.inner, MOST_BITS)) / 8)
}

function readKit(weights: Weights, { layers = Infinity }: SampleSize): UnitKit | null {
  const mlps = testableMlps(weights.model)
  const [first] = mlps
  if (first === undefined) return null
  const alike = mlps.filter(({ inner }) => inner === first.inner)
  const width = Math.min(...alike.map((mlp) => mlp.width))
  const bitsPerView = coordinateCount(first)
  if (bitsPerView < 8) return null
  const units = draw(PUBLIC_SEED, 'units', { size: width, count: KIT_UNITS })
  const coordinates = draw(PUBLIC_SEED, 'coordinates', { size: first.inner, count: bitsPerView })
  const read = spread(alike, layers).flatMap((mlp) => readLayer(weights, mlp, { units, coordinates }))
  return { width, units: units.length, inner: first.inner, bitsPerView, layers: read }
}

const NOTHING_DIGESTED = sha256('')

function sampleOf(whole: Weights, size: SampleSize): Omit<ModelSample, 'bytes'> {
  const weights = narrowed(whole)
  const { model } = weights
  const kit = model.unusable === null ? readKit(weights, size) : null
  const fingerprint: Fingerprint = {
    schema: 'tidewaiter/fingerprint/v1',
    artefact: weights.id,
    seed: PUBLIC_SEED,
    family: model.family,
    modelType: model.architecture.modelType,
    insufficient: model.unusable,
    unread: unreadWeights(weights.facts).length,
    width: residualWidth(model),
    layers: model.layers,
    fileCount: 0,
    files: NOTHING_DIGESTED,
    root: NOTHING_DIGESTED,
    records: [],
    kit,
    residual: model.unusable === null ? readResidualKits(weights, { count: TOKENS }) : [],
    gains: model.unusable === null ? readGainSketches(weights) : [],
  }
  const layers = kit?.layers.map(({ layer }) => layer) ?? []
  return { fingerprint, gains: readGains(weights, fingerprint.width), layers }
}

/** The ranges that a sample needs, in the order of reading; some more than once. */
export function listSampleReads(
  opened: OpenedArtefact,
  facts: ArtefactFacts,
  size: SampleSize,
): readonly WantedRange[] {
  const wanted: WantedRange[] = []
  const dry = weightsOver(
    { opened, facts },
    {
      read({ file, offset }, from, into) {
        wanted.push({ file, from: offset + from, to: offset + from + into.length })
        into.fill(0)
      },
      close: () => undefined,
    },
  )
  sampleOf(dry, size)
  return wanted
}

/** A model of which perhaps only some ranges are here. */
export interface SampledModel {
  readonly opened: OpenedArtefact
  readonly facts: ArtefactFacts
  /** True for ranges that are here. */
  isHere(range: WantedRange): boolean
}

/**
 * Reads the sample of a model.
 *
 * @throws Fault `not-fetched` for a range that is not here, which a plan by `listSampleReads` rules out
 */
export function readSample({ opened, facts, isHere }: SampledModel, size: SampleSize): ModelSample {
  const weights = openWeights(opened, facts)
  const seen = new Map<string, WantedRange>()
  try {
    const guarded = weightsOver(weights, {
      read(tensor, from, into) {
        const begin = tensor.offset + from
        const range = { file: tensor.file, from: begin, to: begin + into.length }
        if (!isHere(range)) throw new Fault('not-fetched', `${range.file}: bytes ${range.from} to ${range.to}`)
        seen.set(`${range.file}/${range.from}/${range.to}`, range)
        weights.read(tensor, from, into)
      },
      close: () => undefined,
    })
    return { ...sampleOf(guarded, size), bytes: rangeBytes([...seen.values()]) }
  } finally {
    weights.close()
  }
}

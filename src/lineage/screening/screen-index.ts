/**
 * Screens one unknown against an index: which of very many models are worth a comparison?
 *
 * The stages, each finding what the one before cannot:
 *
 * 1. digests: models with an equal matrix;
 * 2. whole: the nearest sketches of whole models of the same shape, the first thousand of which are ordered again by
 *    all sketches of layers in their order, which are several times longer;
 * 3. gains and tokens: models of the same width, whatever was done to hidden units;
 * 4. layers: any layer of models of the same layer shape against some of this one's: layers dropped, added, moved.
 *
 * A screen orders and never accuses: z is that of a normal variable when signs are independent, and what comes first is
 * compared in full. z of gains and tokens has no such null (entries of one model are correlated) and only orders.
 * Memory: two bytes a row of the largest partition, and what is kept of its sketches.
 */
import { hammingDistance } from '../../simd/index.ts'
import { SHORT_BYTES, type IndexRow } from './index-row.ts'
import type { IndexPartition } from './manifest.ts'
import type { ModelIndex, RowKind } from './read-index.ts'
import { nearestRows, rowWords } from './row-file.ts'

/** A layer of the unknown and its nearest in a model. */
export interface LayerHit {
  readonly ours: number
  readonly theirs: number
  readonly z: number
}

/** What was found of one model; null where a stage did not meet it. */
export interface IndexHit {
  readonly model: string
  readonly fingerprint: string
  /** Larger is more promising. */
  readonly score: number
  /** Equal matrices of all that the unknown has. */
  readonly equal: number
  readonly whole: number | null
  /** z over all layers in order. */
  readonly inOrder: number | null
  readonly gains: number | null
  readonly tokens: number | null
  readonly layers: readonly LayerHit[]
}

/** How far to look. */
export interface ScreenOptions {
  /** Models in the answer; 1,000 when left out. */
  readonly most?: number
  /** Whether any layer is held against any layer, which takes longest; true when left out. */
  readonly anyLayer?: boolean
}

/** Rows that the short stages keep of each partition. */
const KEPT_SHORT = 100
/** Rows of layers that are kept for each layer of the unknown. */
const KEPT_LAYERS = 256
/** z from which a layer is said to meet another: one in 10^9 by chance. */
const LAYER_Z = 6
/** Comparisons of two layers that one screen may cost: about a second. */
const LAYER_BUDGET = 2e8
/** Models that share a digest beyond which it is too common to tell them apart. */
const MOST_OWNERS = 1000
/** Points for a share of 1 of all matrices equal: above any z. */
const EQUAL_POINTS = 1e6

type Found = { -readonly [Key in Exclude<keyof IndexHit, 'model' | 'fingerprint' | 'score'>]: IndexHit[Key] }

class Findings {
  readonly byModel = new Map<number, Found>()

  of(model: number): Found {
    const known = this.byModel.get(model)
    if (known !== undefined) return known
    const found = { equal: 0, whole: null, inOrder: null, gains: null, tokens: null, layers: [] }
    this.byModel.set(model, found)
    return found
  }
}

/** z of a number of differing bits. */
function zOf(differing: number, bits: number): number {
  return bits === 0 ? 0 : Math.sqrt(bits) * (1 - (2 * differing) / bits)
}

function findEqual(index: ModelIndex, row: IndexRow, found: Findings): void {
  for (const digest of row.digests) {
    const owners = index.owners(digest, MOST_OWNERS)
    if (owners.length < MOST_OWNERS) for (const model of new Set(owners)) found.of(model).equal += 1
  }
}

function findWhole(index: ModelIndex, row: IndexRow, { found, most }: { found: Findings; most: number }): void {
  const partition = index.manifest.partitions.find(({ place }) => place === row.place)
  if (partition === undefined || row.wholeBits === 0) return
  const distances = index.rows(partition, 'whole').distances(row.whole)
  const layers = index.rows(partition, 'layers')
  const ours = rowWords(row.layerSketches)
  for (const number of nearestRows(distances, most)) {
    const hit = found.of(index.modelAt(partition, number))
    hit.whole = zOf(distances[number] ?? 0, row.wholeBits)
    hit.inOrder = zOf(hammingDistance(ours, rowWords(layers.row(number))), row.layerBits * row.layers)
  }
}

function findShort(
  index: ModelIndex,
  row: IndexRow,
  {
    kind,
    found,
    isComparable,
  }: { kind: 'gains' | 'tokens'; found: Findings; isComparable: (p: IndexPartition) => boolean },
): void {
  if (row[kind].every((byte) => byte === 0)) return
  for (const partition of index.manifest.partitions.filter(isComparable)) {
    const distances = index.rows(partition, kind satisfies RowKind).distances(row[kind])
    for (const number of nearestRows(distances, KEPT_SHORT)) {
      const hit = found.of(index.modelAt(partition, number))
      hit[kind] = zOf(distances[number] ?? 0, 8 * SHORT_BYTES)
    }
  }
}

/** Layers of the unknown that are looked up: all, or as many as are affordable, evenly spread. */
function chosenLayers(layers: number, rows: number): number[] {
  const affordable = Math.max(1, Math.min(layers, Math.floor(LAYER_BUDGET / Math.max(1, rows))))
  return Array.from({ length: affordable }, (_, i) => Math.floor(((i + 0.5) * layers) / affordable))
}

function findLayers(index: ModelIndex, row: IndexRow, found: Findings): void {
  const partitions = index.manifest.partitions.filter(
    ({ shape, layers, layerBits }) => shape === row.shape && layers > 0 && layerBits === row.layerBits,
  )
  if (row.layerBits === 0 || row.layers === 0) return
  const rows = partitions.reduce((sum, { rows: count, layers }) => sum + count * layers, 0)
  for (const ours of chosenLayers(row.layers, rows)) {
    const query = row.layerSketches.subarray(ours * SHORT_BYTES, (ours + 1) * SHORT_BYTES)
    for (const partition of partitions) {
      const distances = index.rows(partition, 'layers').distances(query)
      for (const number of nearestRows(distances, KEPT_LAYERS)) {
        const z = zOf(distances[number] ?? 0, row.layerBits)
        if (z < LAYER_Z) break
        const hit = found.of(index.modelAt(partition, Math.floor(number / partition.layers)))
        hit.layers = [...hit.layers, { ours, theirs: number % partition.layers, z }]
      }
    }
  }
}

/** The best of what was found; several layers add up as independent normal variables do. */
function scoreOf(found: Found, digests: number): number {
  const layers = found.layers.reduce((sum, { z }) => sum + z, 0) / Math.sqrt(Math.max(1, found.layers.length))
  const best = Math.max(0, layers, found.inOrder ?? found.whole ?? 0, found.gains ?? 0, found.tokens ?? 0)
  return (EQUAL_POINTS * found.equal) / Math.max(1, digests) + best
}

/** Screens; see the module. The model itself is among the answers when it is in the index. */
export function screenIndex(index: ModelIndex, row: IndexRow, options: ScreenOptions = {}): readonly IndexHit[] {
  const { most = 1000, anyLayer = true } = options
  const found = new Findings()
  findEqual(index, row, found)
  findWhole(index, row, { found, most })
  const { width, layers } = row
  findShort(index, row, { kind: 'gains', found, isComparable: (p) => p.width === width && p.layers === layers })
  findShort(index, row, { kind: 'tokens', found, isComparable: (p) => p.width === width })
  if (anyLayer) findLayers(index, row, found)
  const scored = [...found.byModel].map(([number, hit]) => ({ number, hit, score: scoreOf(hit, row.digests.length) }))
  return scored
    .toSorted((a, b) => b.score - a.score || a.number - b.number)
    .slice(0, most)
    .map(({ number, hit, score }) => ({ ...index.model(number), score, ...hit }))
}

/**
 * Takes the fingerprint of a model: one pass over all weights in the pool, a few rows more for the kits.
 */
import { digestOf, sha256 } from '../../base/index.ts'
import type { OpenedArtefact } from '../../artefact/index.ts'
import type { ArtefactFacts } from '../../formats/index.ts'
import { createWorkerPool, findTensorLayout, taskModule } from '../../simd/index.ts'
import { residualWidth } from '../weights/mlp.ts'
import { partKey, partRange, type Part } from '../weights/part.ts'
import { isMatrix } from '../weights/part-pairs.ts'
import { headRows } from '../weights/rows-in-order.ts'
import { PUBLIC_SEED } from '../weights/sampling.ts'
import { unreadWeights } from '../weights/unread.ts'
import { openWeights, type Weights } from '../weights/weights.ts'
import type { DigestResult, DigestTask } from './digest-task.ts'
import { KIT_BYTES, MOST_BYTES, type Fingerprint, type TensorRecord } from './fingerprint.ts'
import { readGainSketches, readResidualKits, readUnitKit } from './kit.ts'
import { fingerprintSize } from './twf.ts'

/** How to go about it. */
export interface FingerprintOptions {
  /** Worker threads; all processors when left out. */
  readonly threads?: number
  readonly signal?: AbortSignal
  /** Called as tensors are done. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

/** Matrices up to which sketches have 256 bits; above they are shortened to fit. */
const SKETCH_BYTES = 20_000

/** A power of two, so that the 1,024 buckets fall into place. */
function sketchBits(parts: readonly Part[]): number {
  const matrices = parts.filter((part) => isMatrix(part) && part.role !== 'other' && part.expert <= 0).length
  const affordable = (8 * SKETCH_BYTES) / Math.max(1, matrices)
  return affordable >= 256 ? 256 : affordable >= 128 ? 128 : affordable >= 64 ? 64 : 32
}

function isDecodable(part: Part): boolean {
  return findTensorLayout(part.tensor.type)?.decodable === true
}

function taskOf(weights: Weights, part: Part, bits: number): DigestTask {
  const { from, length } = partRange(part)
  const interleaved = part.rope === 'interleaved' && !part.bias
  const sketched = isMatrix(part) && part.role !== 'other' && part.expert <= 0 && part.rope === 'half'
  return {
    path: weights.opened.locate(part.tensor.file),
    offset: part.tensor.offset + from,
    length,
    type: part.tensor.type,
    bigEndian: part.tensor.bigEndian === true,
    decodable: isDecodable(part),
    columns: part.columns,
    headRows: interleaved ? headRows(weights.model, part) : 0,
    sketchBits: sketched ? bits : 0,
  }
}

/** A word that came from an artefact, short enough for a header. */
function cut(text: string, length: number): string {
  return text.slice(0, length).toWellFormed()
}

/** A part with what its bytes gave. */
export type Digested = readonly [Part, DigestResult]

/** Orders records the same way on every machine: by layer, role, kind. */
function recordKey(part: Part): string {
  if (part.role === 'other') return 'other'
  return `${String(part.layer + 1).padStart(5, '0')}/${part.role}/${part.bias ? 1 : 0}`
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

function toRecord(members: readonly Digested[]): TensorRecord[] {
  const sorted = members.toSorted(([a], [b]) => a.expert - b.expert || byCodeUnits(partKey(a), partKey(b)))
  const [first] = sorted
  if (first === undefined) return []
  const [part, result] = first
  const join = (kind: 'raw' | 'canonical'): string =>
    (sorted.length === 1 ? result[kind] : sha256(sorted.map(([, each]) => each[kind]).join('\n'))).slice(0, 16)
  const record = {
    role: part.role,
    bias: part.bias,
    layer: part.layer,
    parts: sorted.length,
    type: cut(part.tensor.type, 32),
    rows: part.rows,
    columns: part.columns,
    raw: join('raw'),
    canonical: join('canonical'),
    rms: result.rms,
    zeros: result.zeros,
    sketch: result.sketch,
  }
  return [record]
}

/** Reads every part of a model once, in the pool. @throws Fault `cancelled`, `changed-while-read` */
export async function digestParts(weights: Weights, options: FingerprintOptions): Promise<Digested[]> {
  const parts = weights.model.parts
  const bits = sketchBits(parts)
  const tasks = parts.map((part) => taskOf(weights, part, bits))
  const pool = createWorkerPool(options.threads === undefined ? {} : { threads: options.threads })
  let done = 0
  try {
    const results = await pool.run<DigestTask, DigestResult>({
      module: taskModule(import.meta.url, './digest-task'),
      tasks,
      cost: ({ length }) => length,
      onProgress: () => options.onProgress?.({ done: Math.min(++done, tasks.length), total: tasks.length }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    })
    return parts.flatMap((part, i) => {
      const result = results[i]
      return result === undefined ? [] : [[part, result] as const]
    })
  } finally {
    await pool.close()
  }
}

function rootOf(digested: readonly Digested[]): string {
  const lines = digested.map(([part, { raw, canonical }]) => [partKey(part), raw, canonical])
  return digestOf(lines.toSorted(([a = ''], [b = '']) => byCodeUnits(a, b)))
}

function filesOf({ opened, model, facts }: Weights): { readonly fileCount: number; readonly files: string } {
  const holding = new Set([...model.tensors.map(({ file }) => file), ...unreadWeights(facts)])
  const digests = opened.artefact.files.filter(({ path }) => holding.has(path)).map(({ sha256: digest }) => digest)
  return { fileCount: digests.length, files: digestOf(digests.toSorted(byCodeUnits)) }
}

/** Bytes that the header needs for the kit. */
const KIT_HEADER = 200
/** A kit of fewer bytes says too little. */
const LEAST_KIT = 4000

/** Adds the kit, as large as there is room for. A model with too many tensors for that cannot be fingerprinted. */
function addKit(weights: Weights, bare: Fingerprint): Fingerprint {
  const room = MOST_BYTES - fingerprintSize(bare) - KIT_HEADER
  if (room >= LEAST_KIT) return { ...bare, kit: readUnitKit(weights, Math.min(room, KIT_BYTES)) }
  const insufficient = `${bare.records.length} tensors are too many for a fingerprint; compare the weights`
  return { ...bare, insufficient, records: [], residual: [], gains: [] }
}

/** The records of all parts, in an order that is the same on every machine. */
export function recordsOf(digested: readonly Digested[]): TensorRecord[] {
  const groups = [...Map.groupBy(digested, ([part]) => recordKey(part))].toSorted(([a], [b]) => byCodeUnits(a, b))
  return groups.flatMap(([, members]) => toRecord(members))
}

function withoutKit(weights: Weights, digested: readonly Digested[]): Fingerprint {
  const { model, facts } = weights
  return {
    schema: 'tidewaiter/fingerprint/v1',
    artefact: weights.id,
    seed: PUBLIC_SEED,
    family: model.family,
    modelType: model.architecture.modelType === null ? null : cut(model.architecture.modelType, 128),
    insufficient: model.unusable === null ? null : cut(model.unusable, 512),
    unread: unreadWeights(facts).length,
    width: residualWidth(model),
    layers: model.layers,
    ...filesOf(weights),
    root: rootOf(digested),
    records: recordsOf(digested),
    kit: null,
    residual: readResidualKits(weights),
    gains: readGainSketches(weights),
  }
}

/**
 * Takes the fingerprint of an opened model. A model without usable weights gets one that says why.
 *
 * @throws Fault `cancelled`, `changed-while-read`
 */
export async function fingerprintModel(
  opened: OpenedArtefact,
  facts: ArtefactFacts,
  options: FingerprintOptions = {},
): Promise<Fingerprint> {
  const weights = openWeights(opened, facts)
  try {
    const bare = withoutKit(weights, await digestParts(weights, options))
    return weights.model.unusable === null ? addKit(weights, bare) : bare
  } finally {
    weights.close()
  }
}

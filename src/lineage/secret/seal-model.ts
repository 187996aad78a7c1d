/**
 * Writes a sealed copy of a model: the same files, with the bytes of hidden units in a recipient's order.
 *
 * Values are moved and never computed, so the copy holds exactly the numbers of the original. Files keep their size,
 * headers stay as they are, and every other file is copied as it is. Only some megabytes are held at a time.
 *
 * The seal is written into files whose tensors lie as plain runs of bytes: safetensors and GGUF.
 */
import { closeSync, constants, copyFileSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { OpenedArtefact } from '../../artefact/index.ts'
import { Fault, toFault } from '../../base/index.ts'
import type { ArtefactFacts } from '../../formats/index.ts'
import { requireDecodable } from '../../simd/index.ts'
import { partRange } from '../weights/part.ts'
import { openWeights, rowBytes, type Weights } from '../weights/weights.ts'
import { keyCommitment, type SecretKey } from './prf.ts'
import { planSeal, sealOrder, type SealedPart, type SealGroup } from './seal-plan.ts'

/** How to seal. */
export interface SealOptions {
  readonly recipient: string
  readonly key: SecretKey
  /** A folder that does not exist yet. */
  readonly folder: string
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

/** What was sealed for whom; for the vendor, never for the recipient. */
export interface SealRecord {
  readonly schema: 'tidewaiter/sealed-release/v1'
  readonly recipient: string
  /** Identity of the model that was sealed. */
  readonly original: string
  /** Commitment to the key. */
  readonly key: string
  readonly groups: readonly { readonly layer: number; readonly expert: number; readonly width: number }[]
}

/** Bytes that are held at once. */
const BATCH = 8 * 1024 * 1024
const SEALABLE = /\.(safetensors|gguf)$/
const LONGEST_NAME = 200

/** Checks a recipient's name. @throws Fault `bad-recipient` */
export function ensureRecipient(name: string): string {
  if (name === '' || name.length > LONGEST_NAME || /[\p{Cc}\n]/u.test(name) || !name.isWellFormed())
    throw new Fault(
      'bad-recipient',
      `a recipient has 1 to ${LONGEST_NAME} characters, none of them a control character`,
    )
  return name
}

function copyFiles(weights: Weights, folder: string): void {
  for (const { path } of weights.opened.artefact.files) {
    const target = join(folder, path)
    mkdirSync(dirname(target), { recursive: true })
    copyFileSync(weights.opened.locate(path), target, constants.COPYFILE_EXCL)
  }
}

interface Moving {
  readonly weights: Weights
  readonly sealed: SealedPart
  readonly order: Uint32Array
  /** Handle of the copy. */
  readonly file: number
}

function write(file: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done, bytes.length - done, at + done)
}

/** Row j of the copy is row `order[j]` of the original. */
function moveRows({ weights, sealed: { part }, order, file }: Moving): void {
  const size = rowBytes(part)
  const from = partRange(part).from
  const rows = Math.max(1, Math.min(order.length, Math.floor(BATCH / size)))
  const batch = new Uint8Array(rows * size)
  for (let first = 0; first < order.length; first += rows) {
    const count = Math.min(rows, order.length - first)
    for (let i = 0; i < count; i++)
      weights.read(part.tensor, from + (order[first + i] ?? 0) * size, batch.subarray(i * size, (i + 1) * size))
    write(file, batch.subarray(0, count * size), part.tensor.offset + from + first * size)
  }
}

/** Element j of each row of the copy is element `order[j]` of that row of the original. */
function moveColumns({ weights, sealed: { part }, order, file }: Moving): void {
  const size = rowBytes(part)
  const { blockBytes: width } = requireDecodable(part.tensor.type)
  const from = partRange(part).from
  const rows = Math.max(1, Math.min(part.rows, Math.floor(BATCH / size)))
  const source = new Uint8Array(rows * size)
  const target = new Uint8Array(rows * size)
  for (let first = 0; first < part.rows; first += rows) {
    const bytes = Math.min(rows, part.rows - first) * size
    weights.read(part.tensor, from + first * size, source.subarray(0, bytes))
    for (let row = 0; row < bytes; row += size)
      for (let j = 0; j < order.length; j++)
        for (let b = 0; b < width; b++) target[row + j * width + b] = source[row + (order[j] ?? 0) * width + b] ?? 0
    write(file, target.subarray(0, bytes), part.tensor.offset + from + first * size)
  }
}

function sealGroup(weights: Weights, group: SealGroup, { folder, key, recipient }: SealOptions): void {
  const order = sealOrder(key, recipient, group)
  for (const sealed of group.parts) {
    const file = openSync(join(folder, sealed.part.tensor.file), 'r+')
    try {
      const move = sealed.axis === 'row' ? moveRows : moveColumns
      move({ weights, sealed, order, file })
    } finally {
      closeSync(file)
    }
  }
}

function ensureSealable(weights: Weights, groups: readonly SealGroup[]): void {
  const files = new Set(groups.flatMap(({ parts }) => parts.map(({ part }) => part.tensor.file)))
  for (const file of files)
    if (!SEALABLE.test(file))
      throw new Fault('seal-container', `${file} is neither safetensors nor GGUF; convert it first; nothing was sealed`)
  const { facts } = weights
  const packed = facts.files.flatMap(({ tensors }) => tensors).find((tensor) => tensor.packed !== undefined)
  if (packed !== undefined)
    throw new Fault('seal-container', `${packed.name} is ${packed.packed} in its file; nothing was sealed`)
}

function sealInto(weights: Weights, groups: readonly SealGroup[], options: SealOptions): void {
  const { folder, signal, onProgress } = options
  copyFiles(weights, folder)
  for (const [i, group] of groups.entries()) {
    if (signal?.aborted === true) throw new Fault('cancelled', 'the sealing was cancelled')
    sealGroup(weights, group, options)
    onProgress?.({ done: i + 1, total: groups.length })
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder)
  } catch (cause) {
    throw new Fault('cannot-write', `${folder} cannot be made: ${toFault(cause).message}`, { cause })
  }
}

/**
 * Seals a model for a recipient.
 *
 * @throws Fault those of {@link planSeal}; `bad-recipient`, `seal-container`, `cannot-write`, `cancelled`,
 *   `changed-while-read`. Nothing is left behind then.
 */
export function sealModel(opened: OpenedArtefact, facts: ArtefactFacts, options: SealOptions): SealRecord {
  const recipient = ensureRecipient(options.recipient)
  const weights = openWeights(opened, facts)
  try {
    const groups = planSeal(weights.model)
    ensureSealable(weights, groups)
    makeFolder(options.folder)
    try {
      sealInto(weights, groups, options)
    } catch (thrown) {
      rmSync(options.folder, { recursive: true, force: true })
      throw thrown
    }
    return {
      schema: 'tidewaiter/sealed-release/v1',
      recipient,
      original: weights.id,
      key: keyCommitment(options.key),
      groups: groups.map(({ layer, expert, width }) => ({ layer, expert, width })),
    }
  } finally {
    weights.close()
  }
}

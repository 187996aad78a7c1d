/**
 * The task that reads one part once: a digest of its bytes, one of its canonical codes; and a sketch of a sample.
 *
 * Runs in a worker of the pool. Bytes go from the file into kernel memory, are canonicalised beside and hashed while they
 * are still in the second-level cache; nothing is copied and memory is bounded by two chunks. The digest of the bytes
 * is their SHA-256; for bf16 in little-endian order it is taken over the digest of the codes and that of the exceptions
 * (`exceptions.ts`), which commits to the same bytes at half the cost.
 *
 * Guarantee: the result depends on the argument and the bytes alone.
 */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { Fault } from '../../base/index.ts'
import {
  newKernelBuffer,
  releaseKernelBuffer,
  requireDecodable,
  toCanonicalBf16,
  type TaskContext,
  type TensorLayout,
} from '../../simd/index.ts'
import { interleavedRow } from '../weights/rows-in-order.ts'
import { ExceptionDigest } from './exceptions.ts'
import { sketchPart, type PartSketch } from './sketch.ts'

/** What to read. */
export interface DigestTask {
  /** Absolute path. */
  readonly path: string
  readonly offset: number
  readonly length: number
  readonly type: string
  readonly bigEndian: boolean
  /** False when no kernel decodes the type: the canonical digest is then that of the bytes. */
  readonly decodable: boolean
  readonly columns: number
  /** Rows of a head whose halves are interleaved; 0 when rows stand as trained. */
  readonly headRows: number
  /** Buckets whose signs are kept; 0 for no sketch. */
  readonly sketchBits: number
}

/** What was found. */
export interface DigestResult extends PartSketch {
  /** Commits to the stored bytes; see the module. Hex. */
  readonly raw: string
  /** SHA-256 of the canonical codes. */
  readonly canonical: string
}

/** Elements canonicalised at once. */
const CHUNK = 1 << 18

/** A function that reads exactly so many bytes. */
export type ReadAt = (target: Uint8Array, offset: number) => void

function reader(path: string): { readonly read: ReadAt; readonly close: () => void } {
  const handle = openSync(path, 'r')
  const read: ReadAt = (target, offset) => {
    const got = readSync(handle, target, 0, target.length, offset)
    if (got !== target.length) throw new Fault('changed-while-read', `${got} of ${target.length} bytes at ${offset}`)
  }
  return { read, close: () => closeSync(handle) }
}

/** Elements of a chunk: whole blocks, and whole heads where rows are put in order. */
function chunkElements({ columns, headRows }: DigestTask): number {
  const head = columns * headRows
  return head === 0 ? CHUNK : Math.max(1, Math.floor(CHUNK / head)) * head
}

/** Puts interleaved rows into the order of training, head by head. */
function orderRows(codes: Uint16Array, { columns, headRows }: DigestTask): Uint16Array {
  const out = new Uint16Array(codes.length)
  for (let row = 0; row * columns < codes.length; row++) {
    const from = interleavedRow(row, headRows) * columns
    out.set(codes.subarray(from, from + columns), row * columns)
  }
  return out
}

function bytesOf(codes: Uint16Array): Uint8Array {
  return new Uint8Array(codes.buffer, codes.byteOffset, codes.byteLength)
}

interface Buffers {
  readonly input: Uint8Array
  readonly codes: Uint8Array
  readonly elements: number
}

function withBuffers<Result>(task: DigestTask, layout: TensorLayout, use: (buffers: Buffers) => Result): Result {
  const elements = chunkElements(task)
  const input = newKernelBuffer((elements / layout.blockElements) * layout.blockBytes)
  const codes = newKernelBuffer(2 * elements)
  try {
    return use({ input, codes, elements })
  } finally {
    releaseKernelBuffer(input)
    releaseKernelBuffer(codes)
  }
}

function digestDecodable(
  task: DigestTask,
  read: ReadAt,
  context: TaskContext,
): Pick<DigestResult, 'raw' | 'canonical'> {
  const layout = requireDecodable(task.type)
  const raw = createHash('sha256')
  const canonical = createHash('sha256')
  const exceptions = isPlainBf16(task) ? new ExceptionDigest() : null
  return withBuffers(task, layout, ({ input, codes }) => {
    for (let at = 0; at < task.length; at += input.length) {
      context.throwIfCancelled()
      const bytes = input.subarray(0, Math.min(input.length, task.length - at))
      read(bytes, task.offset + at)
      const out = new Uint16Array(codes.buffer, codes.byteOffset, codes.length / 2)
      const chunk = toCanonicalBf16(task.type, bytes, { out, bigEndian: task.bigEndian })
      canonical.update(bytesOf(task.headRows > 0 ? orderRows(chunk, task) : chunk))
      if (exceptions === null) raw.update(bytes)
      else exceptions.update(new Uint16Array(bytes.buffer, bytes.byteOffset, chunk.length), chunk)
    }
    const codesDigest = canonical.digest()
    if (exceptions !== null) raw.update(BF16_PREFIX).update(codesDigest).update(exceptions.digest())
    return { raw: raw.digest('hex'), canonical: codesDigest.toString('hex') }
  })
}

const BF16_PREFIX = 'tidewaiter bf16 codes and exceptions\n'

function isPlainBf16({ type, bigEndian, headRows }: DigestTask): boolean {
  return type.toLowerCase() === 'bf16' && !bigEndian && headRows === 0
}

function digestBytes(task: DigestTask, read: ReadAt, context: TaskContext): Pick<DigestResult, 'raw' | 'canonical'> {
  const hash = createHash('sha256')
  const buffer = newKernelBuffer(2 * CHUNK)
  try {
    for (let at = 0; at < task.length; at += buffer.length) {
      context.throwIfCancelled()
      const bytes = buffer.subarray(0, Math.min(buffer.length, task.length - at))
      read(bytes, task.offset + at)
      hash.update(bytes)
    }
  } finally {
    releaseKernelBuffer(buffer)
  }
  const raw = hash.digest('hex')
  return { raw, canonical: raw }
}

/** See the module. @throws Fault `changed-while-read`, `cancelled` */
export function runTask(task: DigestTask, context: TaskContext): DigestResult {
  const { read, close } = reader(task.path)
  try {
    const sketch = sketchPart(task, read)
    const digests = task.decodable ? digestDecodable(task, read, context) : digestBytes(task, read, context)
    context.progress(task.length)
    return { ...digests, ...sketch }
  } finally {
    close()
  }
}

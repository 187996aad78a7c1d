/**
 * Digests of pieces of files, for manifests that were not made of whole files by SHA-256.
 *
 * Each file is opened once and its pieces are read where they lie, in blocks of 4 MiB; the event loop gets its turn
 * between blocks. A file that is not what was taken in is a fault, so the digests are of the same bytes as the artefact.
 *
 * Guarantee: memory is one block whatever the files hold; nothing is read outside of what was taken in.
 */
import { createHash } from 'node:crypto'
import { readSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { Fault } from '../base/index.ts'
import type { WatchedArtefact } from './artefact.ts'
import { ensureGoing } from './digest-pass.ts'
import { changedFault, withFile, type OpenedFile } from './opened-file.ts'

/** A piece of a file; the whole file when it has no range. `end` is the first byte that is no part of it. */
export interface Piece {
  readonly path: string
  readonly range?: { readonly start: number; readonly end: number }
}

/** What is computed, and how. */
export interface PieceOptions {
  readonly hash: 'sha256' | 'blake2b'
  readonly signal?: AbortSignal | undefined
}

const ALGORITHMS = { sha256: 'sha256', blake2b: 'blake2b512' } as const
const BLOCK = 4 * 1024 * 1024

function groupByPath(pieces: readonly Piece[]): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>()
  for (const [index, { path }] of pieces.entries()) {
    const group = groups.get(path)
    if (group === undefined) groups.set(path, [index])
    else group.push(index)
  }
  return groups
}

interface Reading extends PieceOptions {
  readonly file: OpenedFile
  readonly buffer: Uint8Array
}

async function digestPiece({ range }: Piece, { file, buffer, hash, signal }: Reading): Promise<string> {
  const { start, end } = range ?? { start: 0, end: file.size }
  if (end > file.size)
    throw new Fault('beyond-end', `${file.path} has ${file.size} bytes; a piece of it ends at ${end}`)
  const digest = createHash(ALGORITHMS[hash])
  for (let at = start; at < end;) {
    const length = readSync(file.fd, buffer, 0, Math.min(BLOCK, end - at), at)
    if (length === 0) throw changedFault(file.path, 'shrank')
    digest.update(buffer.subarray(0, length))
    at += length
    await setImmediate()
    ensureGoing(signal)
  }
  return digest.digest('hex')
}

/**
 * Digests pieces of the files of an artefact.
 *
 * @returns lower-case hex, in the order of the pieces
 * @throws Fault `no-such-file`, `beyond-end`, `changed-while-read`, `unreadable`, `aborted`
 */
export async function digestPieces(
  opened: WatchedArtefact,
  pieces: readonly Piece[],
  options: PieceOptions,
): Promise<readonly string[]> {
  const digests: string[] = []
  const buffer = new Uint8Array(BLOCK)
  for (const [path, indices] of groupByPath(pieces)) {
    await withFile(path, opened.locate(path), async (file) => {
      for (const index of indices)
        digests[index] = await digestPiece(pieces[index] ?? { path }, { ...options, file, buffer })
    })
  }
  opened.confirmUnchanged()
  return digests
}

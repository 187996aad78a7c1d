/**
 * Digests of a model's files in a browser, of any size, in bounded memory, with progress and a way to stop.
 *
 * WebCrypto hashes only what is in memory as a whole, so large files go through a streaming SHA-256 in WebAssembly, a
 * piece at a time, while the next piece is being read. Small files go to WebCrypto, which is faster.
 *
 * Guarantee: at most three pieces of 8 MiB are held, whatever the model's size.
 */
import { createSHA256 } from 'hash-wasm'
import type { ManifestFile } from '../../../../verify.ts'

/** One file of a model. */
export interface ModelFile {
  /** Relative, with `/` between parts. */
  readonly path: string
  readonly file: Blob
}

/** How far it is. */
export interface Progress {
  readonly path: string
  readonly filesDone: number
  readonly files: number
  readonly bytesDone: number
  readonly bytes: number
}

/** What the caller wants to know and can do. */
export interface HashOptions {
  readonly signal: AbortSignal
  report(progress: Progress): void
}

const PIECE = 8 * 1024 * 1024

async function* readPieces(file: Blob): AsyncGenerator<Uint8Array> {
  const read = async (from: number): Promise<Uint8Array> =>
    new Uint8Array(await file.slice(from, from + PIECE).arrayBuffer())
  let next = read(0)
  for (let at = 0; at < file.size; at += PIECE) {
    const piece = await next
    if (piece.length !== Math.min(PIECE, file.size - at)) throw new Error('the file changed while it was read')
    next = at + PIECE < file.size ? read(at + PIECE) : Promise.resolve(piece)
    yield piece
  }
}

async function hashLarge(file: Blob, took: (bytes: number) => void): Promise<string> {
  const hasher = await createSHA256()
  hasher.init()
  for await (const piece of readPieces(file)) {
    hasher.update(piece)
    took(piece.length)
  }
  return hasher.digest('hex')
}

async function hashSmall(file: Blob, took: (bytes: number) => void): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
  took(file.size)
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Hashes all files, in the order given. @throws the reason of the signal when it is aborted */
export async function hashFiles(
  files: readonly ModelFile[],
  { signal, report }: HashOptions,
): Promise<readonly ManifestFile[]> {
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0)
  const hashed: ManifestFile[] = []
  let bytesDone = 0
  for (const { path, file } of files) {
    const took = (count: number): void => {
      signal.throwIfAborted()
      bytesDone += count
      report({ path, filesDone: hashed.length, files: files.length, bytesDone, bytes })
    }
    signal.throwIfAborted()
    hashed.push({ path, sha256: await (file.size > PIECE || !isSecureContext ? hashLarge : hashSmall)(file, took) })
    report({ path, filesDone: hashed.length, files: files.length, bytesDone, bytes })
  }
  return hashed
}

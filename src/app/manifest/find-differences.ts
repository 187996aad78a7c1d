/**
 * Where a model differs from what was certified, by the block lists of the certificate.
 *
 * Files whose digest is another are read once more, block by block; all others are not touched.
 */
import { digestPieces, type WatchedArtefact } from '../../artefact/index.ts'
import { BLOCK_SIZE } from '../../base/index.ts'
import { splitIntoShards, type BlockListedFile } from '../../certificate/index.ts'

/** One file that is not as certified. */
export interface Difference {
  readonly path: string
  readonly what: 'missing' | 'extra' | 'changed'
  /** Numbers of the 4 MiB blocks that differ, from 0, when it changed; those beyond the end of either file count. */
  readonly blocks?: readonly number[]
}

async function findBlocks(
  opened: WatchedArtefact,
  { path, blocks }: BlockListedFile,
  { size, signal }: { readonly size: number; readonly signal: AbortSignal | undefined },
): Promise<readonly number[]> {
  const pieces = splitIntoShards(size, BLOCK_SIZE).map((range) => ({ path, range }))
  const found = await digestPieces(opened, pieces, { hash: 'sha256', signal })
  const count = Math.max(found.length, blocks.length)
  return Array.from({ length: count }, (_, index) => index).filter((index) => found[index] !== blocks[index])
}

/** Finds what differs, in the order of the lists; surplus files come last. @throws Fault like `digestPieces` */
export async function findDifferences(
  opened: WatchedArtefact,
  listed: readonly BlockListedFile[],
  signal?: AbortSignal,
): Promise<readonly Difference[]> {
  const files = new Map(opened.artefact.files.map((file) => [file.path, file]))
  const differences: Difference[] = []
  for (const entry of listed) {
    const file = files.get(entry.path)
    files.delete(entry.path)
    if (file === undefined) differences.push({ path: entry.path, what: 'missing' })
    else if (file.sha256 !== entry.sha256)
      differences.push({
        path: entry.path,
        what: 'changed',
        blocks: await findBlocks(opened, entry, { size: file.size, signal }),
      })
  }
  return [...differences, ...[...files.keys()].map((path) => ({ path, what: 'extra' }) as const)]
}

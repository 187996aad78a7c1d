/**
 * Brings the index of a register up to date.
 *
 * New fingerprints are appended, some hundred at a time; after each of these steps the index is whole, so that a run
 * that was interrupted goes on where it stopped. Where the numbers do not agree in the end (a fingerprint was replaced,
 * or was entered by a process whose clock is behind), the index is made anew.
 */
import { rmSync } from 'node:fs'
import { appendToIndex, readManifest, type IndexManifest } from '../../lineage/index.ts'
import type { Register, ScreeningState } from '../../register/index.ts'
import { isFault } from '../../base/index.ts'
import { indexRows, withIndexLock } from './index-place.ts'

/** The register as far as an index needs it. */
export type IndexSource = Pick<Register, 'screeningState' | 'screeningRows' | 'fillScreening'>

/** How to go about it. */
export interface SyncOptions {
  /** See `indexFolder`. */
  readonly folder: string
  readonly signal: AbortSignal
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

/** Whether an index holds what the register holds. */
export function isFresh(manifest: IndexManifest | undefined, state: ScreeningState): boolean {
  return manifest?.models === state.indexable && state.screened === state.fingerprints
}

async function append(
  source: IndexSource,
  { folder, signal, onProgress }: SyncOptions,
  total: number,
): Promise<number> {
  const rows = indexRows(folder)
  const before = readManifest(rows)
  let done = before?.models ?? 0
  if (before === undefined) appendToIndex(rows, [], '')
  for await (const page of source.screeningRows(before?.cursor ?? '')) {
    signal.throwIfAborted()
    done = appendToIndex(rows, page.rows, page.cursor).models
    onProgress?.({ done, total })
  }
  return done
}

/** The manifest; an index that is damaged is removed, since it can be made again. */
function readOrRemove(rows: string): IndexManifest | undefined {
  try {
    return readManifest(rows)
  } catch (thrown) {
    if (!isFault(thrown, 'bad-index')) throw thrown
    rmSync(rows, { recursive: true, force: true })
    return undefined
  }
}

async function bringUp(source: IndexSource, options: SyncOptions): Promise<void> {
  const rows = indexRows(options.folder)
  const state = await source.screeningState()
  const total = state.fingerprints
  const manifest = readOrRemove(rows)
  if (isFresh(manifest, state)) return
  await source.fillScreening((done) => options.onProgress?.({ done: state.screened + done, total }))
  if ((manifest?.models ?? 0) > (await source.screeningState()).indexable)
    rmSync(rows, { recursive: true, force: true })
  const done = await append(source, options, total)
  if (done === (await source.screeningState()).indexable) return
  rmSync(rows, { recursive: true, force: true })
  await append(source, options, total)
}

/** Brings it up to date; see the module. @throws Fault `index-locked`, `cannot-write` */
export function syncIndex(source: IndexSource, options: SyncOptions): Promise<void> {
  return withIndexLock(options.folder, () => bringUp(source, options))
}

/**
 * The files of one folder of an artefact, as the checks between files see them.
 */
import { AnomalyList } from '../anomaly-list.ts'
import type { Anomaly, FileFacts } from '../facts.ts'
import { ANOMALIES as GENERAL, type GeneralAnomaly } from '../general-anomalies.ts'
import { ANOMALIES as INDEX, type IndexAnomaly } from '../safetensors-index/anomalies.ts'

/** A code that is noted between files. */
export type FolderAnomaly = GeneralAnomaly | IndexAnomaly
/** An anomaly and the file that it is noted on. */
export type LocatedAnomaly = Anomaly & { readonly path: string }

/** Where something was seen. */
export interface FolderPlace {
  readonly path: string
  readonly locus: string
}

/** Collects anomalies across files, of each kind a limited number for each file. */
export class FolderAnomalies {
  readonly #lists = new Map<string, AnomalyList<FolderAnomaly>>()

  /** Notes an anomaly on a file. */
  add(code: FolderAnomaly, message: string, { path, locus }: FolderPlace): void {
    const list = this.#lists.get(path) ?? new AnomalyList<FolderAnomaly>([...GENERAL, ...INDEX])
    this.#lists.set(path, list)
    list.add(code, message, { locus })
  }

  /** What was noted, file by file in the order in which the files were first noted. */
  toArray(): readonly LocatedAnomaly[] {
    return [...this.#lists].flatMap(([path, list]) => list.toArray().map((anomaly) => ({ ...anomaly, path })))
  }
}

/** One folder. */
export interface Folder {
  /** Path with a slash at its end, or nothing for the root. */
  readonly prefix: string
  /** The files that stand in it, by name. */
  readonly files: ReadonlyMap<string, FileFacts>
}

/** Sorts the files of an artefact into their folders. */
export function foldersOf(files: readonly FileFacts[]): readonly Folder[] {
  const folders = new Map<string, Map<string, FileFacts>>()
  for (const file of files) {
    const cut = file.path.lastIndexOf('/') + 1
    const prefix = file.path.slice(0, cut)
    const folder = folders.get(prefix) ?? new Map<string, FileFacts>()
    folder.set(file.path.slice(cut), file)
    folders.set(prefix, folder)
  }
  return [...folders].map(([prefix, named]) => ({ prefix, files: named }))
}

/** The metadata of a file as a map; of equal keys the last counts. */
export function metadataOf(file: FileFacts): ReadonlyMap<string, unknown> {
  return new Map(file.metadata.map(({ key, value }) => [key, value]))
}

/** True when the tensors of a file are known. */
export function hasTensors(file: FileFacts): boolean {
  return file.reading === 'full' || file.reading === 'listed'
}

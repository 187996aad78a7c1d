/**
 * An index opened for reading: its partitions, and which model stands where.
 */
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { Fault, toFault } from '../../base/index.ts'
import { MODEL_BYTES } from './append.ts'
import { findOwners } from './digest-file.ts'
import { SHORT_BYTES, WHOLE_BYTES } from './index-row.ts'
import { readManifest, type IndexManifest, type IndexPartition } from './manifest.ts'
import { DistanceRoom, RowFile } from './row-file.ts'

/** The searchable files of a partition. */
export type RowKind = 'whole' | 'layers' | 'gains' | 'tokens'

function rowBytes(kind: RowKind, { layers }: IndexPartition): number {
  return kind === 'whole' ? WHOLE_BYTES : kind === 'layers' ? layers * SHORT_BYTES : SHORT_BYTES
}

/** How an index is to be used. */
export interface IndexOptions {
  /** Bytes of whole-model sketches that may be kept in memory between searches; none when left out. */
  readonly keepBytes?: number
}

/** See the module. Close it when done. */
export class ModelIndex {
  readonly manifest: IndexManifest
  readonly #folder: string
  readonly #files = new Map<string, RowFile>()
  readonly #room = new DistanceRoom()
  readonly #digests: readonly { readonly file: number; readonly entries: number }[]
  #keepBytes: number

  private constructor(folder: string, manifest: IndexManifest, { keepBytes = 0 }: IndexOptions) {
    this.#folder = folder
    this.manifest = manifest
    this.#keepBytes = keepBytes
    this.#digests = manifest.digests.map(({ number, entries }) => ({
      file: openSync(join(folder, `digests-${number}`), 'r'),
      entries,
    }))
  }

  /** Opens an index. @throws Fault `no-index` where there is none; `bad-index` for one that is damaged */
  static open(folder: string, options: IndexOptions = {}): ModelIndex {
    const manifest = readManifest(folder)
    if (manifest === undefined) throw new Fault('no-index', `there is no index in ${folder}; build one first`)
    try {
      return new ModelIndex(folder, manifest, options)
    } catch (cause) {
      throw new Fault('bad-index', `the index ${folder} lacks a file: ${toFault(cause).message}`, { cause })
    }
  }

  #open(name: string, shape: { readonly rows: number; readonly rowBytes: number }): RowFile {
    const known = this.#files.get(name)
    if (known !== undefined) return known
    try {
      const file = new RowFile(join(this.#folder, name), { ...shape, room: this.#room })
      this.#files.set(name, file)
      return file
    } catch (cause) {
      throw new Fault('bad-index', `the index lacks a file: ${toFault(cause).message}`, { cause })
    }
  }

  /** The rows of a kind. Sketches of whole models are kept in memory as far as that was allowed. */
  rows(partition: IndexPartition, kind: RowKind): RowFile {
    const name = `${partition.place}.${kind}`
    const isNew = !this.#files.has(name)
    const file = this.#open(name, { rows: partition.rows, rowBytes: rowBytes(kind, partition) })
    if (isNew && kind === 'whole') this.#keepBytes -= file.keep(this.#keepBytes)
    return file
  }

  /** Number of the model of a row. */
  modelAt(partition: IndexPartition, row: number): number {
    const file = this.#open(`${partition.place}.members`, { rows: partition.rows, rowBytes: 4 })
    return new DataView(file.row(row).buffer).getUint32(0, true)
  }

  /** Identity of a model by number. */
  model(number: number): { readonly model: string; readonly fingerprint: string } {
    const file = this.#open('models', { rows: this.manifest.models, rowBytes: MODEL_BYTES })
    if (number >= this.manifest.models) throw new Fault('bad-index', `model ${number} of ${this.manifest.models}`)
    const hex = Buffer.from(file.row(number)).toString('hex')
    return { model: `tw1:${hex.slice(0, 64)}`, fingerprint: hex.slice(64) }
  }

  /** Models that have a matrix with this digest, at most `most` of each list. */
  owners(digest: string, most: number): readonly number[] {
    return this.#digests.flatMap(({ file, entries }) => findOwners(file, entries, { digest, most }))
  }

  /** Lets go of everything. */
  close(): void {
    for (const file of this.#files.values()) file.close()
    for (const { file } of this.#digests) closeSync(file)
    this.#files.clear()
  }
}

/**
 * Data layouts, filters and lists of external files: where the elements of a dataset lie.
 *
 * Source: HDF5 File Format Specification 3.0, IV.A.2.h (external files), .i (layout), .l (filters).
 */
import { ByteReader } from '../../base/index.ts'
import { type Hdf5File, readNumber, stop } from './file.ts'

const MOST_DIMENSIONS = 33
const CHUNK_INDEXES = ['tree-v1', 'single', 'implicit', 'fixed', 'extensible', 'tree-v2'] as const
const CLASSES = ['compact', 'contiguous', 'chunked', 'virtual'] as const
const FILTERED_SINGLE = 0x02

/** The chunks of a dataset. */
export interface ChunkLayout {
  readonly kind: 'chunked'
  readonly index: (typeof CHUNK_INDEXES)[number]
  readonly address: number | undefined
  /** Dimensions of a chunk; the last is the size of an element. */
  readonly dimensions: readonly number[]
  /** Bytes of the only chunk, where it is filtered. */
  readonly singleSize?: number
}

/** See the module. */
export type Layout =
  | { readonly kind: 'compact'; readonly at: number; readonly length: number }
  | { readonly kind: 'contiguous'; readonly address: number | undefined; readonly length: number | undefined }
  | ChunkLayout
  | { readonly kind: 'virtual'; readonly address: number | undefined; readonly index: number }

/** Reads a layout message. @throws Fault `h5-…` */
export function readLayout(file: Hdf5File, body: Uint8Array): Layout {
  const reader = new ByteReader(body)
  const version = reader.u8()
  if (version < 1 || version > 5) throw stop('h5-unsupported', `layout version ${version}; 1 to 5 are read`)
  if (version < 3) return readOld(file, reader)
  const kind = CLASSES[reader.u8()]
  if (kind === 'compact') return { kind, length: reader.u16(), at: reader.at }
  if (kind === 'contiguous') return { kind, address: file.address(reader), length: file.length(reader) }
  if (kind === 'virtual') return { kind, address: file.address(reader), index: reader.u32() }
  if (kind === undefined) throw stop('h5-structure', 'a layout of an unknown class')
  return version === 3 ? readOldChunks(file, reader) : readChunks(file, reader)
}

function readOld(file: Hdf5File, reader: ByteReader): Layout {
  const rank = reader.u8()
  const kind = CLASSES[reader.u8()]
  reader.skip(5)
  if (rank > MOST_DIMENSIONS) throw stop('h5-structure', `a layout of ${rank} dimensions`)
  const address = kind === 'compact' ? undefined : file.address(reader)
  const dimensions = Array.from({ length: rank }, () => reader.u32())
  if (kind === 'contiguous') return { kind, address, length: undefined }
  if (kind === 'chunked') return { kind, index: 'tree-v1', address, dimensions }
  if (kind === 'compact') return { kind, length: reader.u32(), at: reader.at }
  throw stop('h5-structure', 'a layout of an unknown class')
}

function checkDimensions(dimensions: readonly number[]): readonly number[] {
  if (dimensions.length < 2 || dimensions.length > MOST_DIMENSIONS || dimensions.includes(0))
    throw stop('h5-structure', `chunks of ${dimensions.join(' × ')}`)
  return dimensions
}

function readOldChunks(file: Hdf5File, reader: ByteReader): ChunkLayout {
  const rank = reader.u8()
  const address = file.address(reader)
  const dimensions = checkDimensions(Array.from({ length: rank }, () => reader.u32()))
  return { kind: 'chunked', index: 'tree-v1', address, dimensions }
}

function readChunks(file: Hdf5File, reader: ByteReader): ChunkLayout {
  const flags = reader.u8()
  const rank = reader.u8()
  const width = reader.u8()
  if (width < 1 || width > 8) throw stop('h5-structure', `dimensions of ${width} bytes`)
  const dimensions = checkDimensions(Array.from({ length: rank }, () => readNumber(reader, width)))
  const index = CHUNK_INDEXES[reader.u8()]
  if (index === undefined || index === 'tree-v1') throw stop('h5-structure', 'chunks with an index of an unknown kind')
  const isFiltered = index === 'single' && (flags & FILTERED_SINGLE) !== 0
  const single = isFiltered ? { singleSize: file.length(reader) } : {}
  if (isFiltered) reader.skip(4)
  reader.skip({ single: 0, implicit: 0, fixed: 1, extensible: 5, 'tree-v2': 6 }[index])
  return { kind: 'chunked', index, address: file.address(reader), dimensions, ...single }
}

/** One step of a filter pipeline. */
export interface Filter {
  readonly id: number
  readonly name: string
}

/** Reads a filter message. @throws Fault `h5-…` */
export function readFilters(body: Uint8Array): readonly Filter[] {
  const reader = new ByteReader(body)
  const version = reader.u8()
  if (version < 1 || version > 2) throw stop('h5-unsupported', `filter version ${version}; 1 and 2 are read`)
  const count = reader.u8()
  if (version === 1) reader.skip(6)
  return Array.from({ length: count }, () => {
    const id = reader.u16()
    const length = version === 1 || id >= 256 ? reader.u16() : 0
    reader.skip(2)
    const values = reader.u16()
    const bytes = reader.bytes(length)
    if (version === 1) reader.skip((8 - (length % 8)) % 8)
    reader.skip(4 * (values + (version === 1 ? values % 2 : 0)))
    return { id, name: Buffer.from(bytes).toString('utf8').replace(/\0.*$/s, '') }
  })
}

/** What an external file list names: the heap of its file names and where in it they stand. */
export interface ExternalFiles {
  readonly heap: number
  readonly names: readonly number[]
}

/** Reads a list of external files. @throws Fault `h5-…` */
export function readExternalFiles(file: Hdf5File, body: Uint8Array): ExternalFiles {
  const reader = new ByteReader(body, { at: 6 })
  const used = reader.u16()
  const heap = file.someAddress(reader, 'the names of external files')
  const names = Array.from({ length: used }, () => {
    const name = file.length(reader)
    reader.skip(2 * file.sizes.lengthSize)
    return name
  })
  return { heap, names }
}

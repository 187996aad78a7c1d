/**
 * The chunks of a dataset, found through whichever index it has.
 *
 * Source: HDF5 File Format Specification 3.0, III.A.1 (version 1 trees), IV.A.2.i (layouts), VII (indexes).
 */
import { addChecked, type ByteReader, mulChecked } from '../../base/index.ts'
import { walkExtensibleArray } from './extensible-array.ts'
import { type Hdf5File, readNumber, stop } from './file.ts'
import { walkFixedArray } from './fixed-array.ts'
import type { ChunkLayout } from './layout.ts'
import { openNode } from './tree-v1.ts'
import { walkTree } from './tree-v2.ts'

const CHUNK_TREE = 1
const CHUNK_TREES: readonly number[] = [10, 11]
const MASK_BYTES = 4
const COORDINATE_BYTES = 8

/** What is asked of the chunks. */
export interface ChunkQuery {
  readonly layout: ChunkLayout
  /** Dimensions of the dataset. */
  readonly shape: readonly number[]
  readonly isFiltered: boolean
  /** Half of the children of a node of a version 1 tree of chunks. */
  readonly rank: number
}

/** What was found of the chunks. */
export interface StoredChunks {
  /** Bytes of all of them. */
  readonly stored: number
  /** Lowest address. */
  readonly first: number | undefined
}

/** Claims all chunks and their index. @throws Fault `h5-…` */
export function claimChunks(file: Hdf5File, query: ChunkQuery): StoredChunks {
  const { layout } = query
  if (layout.address === undefined) return { stored: 0, first: undefined }
  const nominal = mulChecked(...layout.dimensions)
  let stored = 0
  let first: number | undefined
  const claim = (address: number | undefined, length: number): void => {
    if (address === undefined) return
    file.claim(address, length, 'tensor')
    stored = addChecked(stored, length)
    first = Math.min(first ?? address, address)
  }
  const walk: ChunkWalk = { ...query, file, address: layout.address, nominal, claim }
  if (layout.index === 'single') claim(layout.address, layout.singleSize ?? nominal)
  else if (layout.index === 'implicit') claim(layout.address, mulChecked(countChunks(query), nominal))
  else if (layout.index === 'tree-v1') visitOldTree(walk, layout.address)
  else if (layout.index === 'tree-v2') visitNewTree(walk)
  else {
    const visit = (element: ByteReader): void => takeElement(walk, element)
    if (layout.index === 'fixed') walkFixedArray(file, layout.address, visit)
    else walkExtensibleArray(file, layout.address, visit)
  }
  return { stored, first }
}

interface ChunkWalk extends ChunkQuery {
  readonly file: Hdf5File
  readonly address: number
  /** Bytes of a chunk that no filter changed. */
  readonly nominal: number
  claim(address: number | undefined, length: number): void
}

function countChunks({ layout, shape }: ChunkQuery): number {
  return mulChecked(...shape.map((size, index) => Math.ceil(size / (layout.dimensions[index] as number))))
}

function visitOldTree(walk: ChunkWalk, address: number, height?: number): void {
  const { file, layout, rank } = walk
  const coordinates = COORDINATE_BYTES * layout.dimensions.length
  const form = { type: CHUNK_TREE, rank, key: 8 + coordinates, height }
  const { node, level, used } = openNode(file, address, form)
  for (let i = 0; i < used; i++) {
    const length = node.u32()
    node.skip(4 + coordinates)
    const child = file.someAddress(node, 'a chunk')
    if (level === 0) walk.claim(child, checkLength(walk, length))
    else visitOldTree(walk, child, level - 1)
  }
}

function checkLength({ isFiltered, nominal }: ChunkWalk, length: number): number {
  if (!isFiltered && length !== nominal) throw stop('h5-size', `a chunk of ${length} bytes; ${nominal} are due`)
  return length
}

function visitNewTree(walk: ChunkWalk): void {
  const coordinates = COORDINATE_BYTES * (walk.layout.dimensions.length - 1)
  walkTree(walk.file, walk.address, {
    types: CHUNK_TREES,
    visit: (record) => takeElement(walk, record, coordinates),
  })
}

/** An address, with size and filter mask where chunks are filtered; `after` bytes of coordinates follow. */
function takeElement({ file, isFiltered, nominal, claim }: ChunkWalk, element: ByteReader, after = 0): void {
  const address = file.address(element)
  const width = element.remaining - after - MASK_BYTES
  if (isFiltered && (width < 1 || width > 8)) throw stop('h5-structure', `a chunk size of ${width} bytes`)
  claim(address, isFiltered ? readNumber(element, width) : nominal)
}

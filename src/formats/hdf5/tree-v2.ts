/**
 * Version 2 B-trees: records of one size, in nodes of one size, to a known depth.
 *
 * Guarantee: each node is read once, the depth only falls, and the number of records is the one that the header gives.
 *
 * Source: HDF5 File Format Specification 3.0, III.A.2.
 */
import { ByteReader } from '../../base/index.ts'
import { type Hdf5File, readNumber, stop } from './file.ts'

const NODE = { what: 'tree node', role: 'index' } as const
const CHECKSUM_BYTES = 4
const OVERHEAD = 10
const DEEPEST = 32
/** Header and checksum, without the address of the root and the number of records. */
const HEAD_BYTES = 22

/** Which records are wanted, and who takes them. */
export interface RecordQuery {
  /** Types that the tree may have; any, when there are none. */
  readonly types: readonly number[]
  /** Takes a record; the reader holds exactly its bytes. */
  visit(record: ByteReader): void
}

interface Tree {
  readonly file: Hdf5File
  readonly type: number
  readonly nodeSize: number
  readonly recordSize: number
  readonly levels: readonly Level[]
  readonly visit: RecordQuery['visit']
  records: number
}

/** What nodes at a height may hold; the pointers of an inner node count the records below it in so many bytes. */
interface Level {
  readonly most: number
  readonly mostBelow: number
  readonly countBytes: number
  readonly totalBytes: number
}

interface Child {
  readonly address: number
  readonly records: number
}

/** Bytes that a number up to `limit` takes. @example bytesFor(256) // 2 */
export function bytesFor(limit: number): number {
  return Math.floor(Math.log2(Math.max(1, limit)) / 8) + 1
}

function layOut(
  file: Hdf5File,
  { nodeSize, recordSize, depth }: { readonly nodeSize: number; readonly recordSize: number; readonly depth: number },
): readonly Level[] {
  const leaf = Math.floor((nodeSize - OVERHEAD) / recordSize)
  const countBytes = bytesFor(leaf)
  const levels: Level[] = [{ most: leaf, mostBelow: leaf, countBytes, totalBytes: 0 }]
  for (let height = 1; height <= depth; height++) {
    const below = levels[height - 1] as Level
    const pointer = file.sizes.offsetSize + countBytes + (height === 1 ? 0 : below.totalBytes)
    const most = Math.floor((nodeSize - OVERHEAD - pointer) / (recordSize + pointer))
    const mostBelow = (most + 1) * below.mostBelow + most
    levels.push({ most, mostBelow, countBytes, totalBytes: bytesFor(mostBelow) })
  }
  return levels
}

/** Visits all records of the tree whose header is at `address`, in order, and claims its nodes. @throws Fault `h5-…` */
export function walkTree(file: Hdf5File, address: number, { types, visit }: RecordQuery): void {
  const { offsetSize, lengthSize } = file.sizes
  const bytes = file.take(address, HEAD_BYTES + offsetSize + lengthSize, NODE)
  file.verify(bytes, 'tree header')
  const reader = file.open(bytes, 'BTHD', 0)
  const type = reader.u8()
  if (types.length > 0 && !types.includes(type)) throw stop('h5-structure', `a tree of type ${type} at ${address}`)
  const nodeSize = reader.u32()
  const [recordSize, depth] = [reader.u16(), reader.u16()]
  reader.skip(2)
  const root = file.address(reader)
  const records = reader.u16()
  const total = file.length(reader)
  if (recordSize === 0 || nodeSize < OVERHEAD + recordSize || depth > DEEPEST)
    throw stop('h5-structure', `a tree of depth ${depth} with nodes of ${nodeSize} and records of ${recordSize} bytes`)
  const levels = layOut(file, { nodeSize, recordSize, depth })
  const tree: Tree = { file, type, nodeSize, recordSize, levels, visit, records: 0 }
  if (root !== undefined) visitNode(tree, { address: root, records }, depth)
  if (tree.records !== total) throw stop('h5-structure', `a tree of ${total} records has ${tree.records}`)
}

/** Claims all nodes of a tree of any type. @throws Fault `h5-…` */
export function claimTree(file: Hdf5File, address: number): void {
  walkTree(file, address, { types: [], visit: () => {} })
}

function visitNode(tree: Tree, { address, records }: Child, height: number): void {
  const { file, recordSize, levels } = tree
  const { most } = levels[height] as Level
  if (records > most) throw stop('h5-structure', `a tree node of ${records} records; ${most} fit`)
  const bytes = file.take(address, tree.nodeSize, NODE)
  const reader = file.open(bytes, height === 0 ? 'BTLF' : 'BTIN', 0)
  if (reader.u8() !== tree.type) throw stop('h5-structure', `a node at ${address} of another tree`)
  file.budget.spendItems(records)
  const own = Array.from({ length: records }, () => reader.bytes(recordSize))
  const children = height === 0 ? [] : Array.from({ length: records + 1 }, () => readChild(tree, reader, height))
  file.verify(bytes.subarray(0, reader.at + CHECKSUM_BYTES), 'tree node')
  tree.records += records
  for (let i = 0; i <= records; i++) {
    if (i < children.length) visitNode(tree, children[i] as Child, height - 1)
    if (i < records) tree.visit(new ByteReader(own[i] as Uint8Array))
  }
}

function readChild({ file, levels }: Tree, reader: ByteReader, height: number): Child {
  const below = levels[height - 1] as Level
  const address = file.someAddress(reader, 'a tree node')
  const records = readNumber(reader, below.countBytes)
  reader.skip(height === 1 ? 0 : below.totalBytes)
  return { address, records }
}

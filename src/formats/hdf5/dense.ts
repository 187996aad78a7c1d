/**
 * Dense storage: links or attributes in a fractal heap, found through an index by name.
 *
 * Source: HDF5 File Format Specification 3.0, IV.A.2.c (link info), IV.A.2.v (attribute info).
 */
import { ByteReader } from '../../base/index.ts'
import { type Hdf5File, stop } from './file.ts'
import { FractalHeap } from './fractal-heap.ts'
import { claimTree, walkTree } from './tree-v2.ts'

const HAS_MOST = 0x01
const HAS_ORDER_TREE = 0x02

/** How the entries of one kind are stored, and who takes them. */
export interface DenseForm {
  /** Bytes of the highest creation number, where one is kept. */
  readonly orderBytes: number
  /** Type of the index by name. */
  readonly tree: number
  /** Takes a record of the index and the heap to which it leads. */
  take(record: ByteReader, heap: FractalHeap): void
}

/** Reads the entries that an info message leads to; none, when they are stored in the header. @throws Fault `h5-…` */
export function readDense(file: Hdf5File, body: Uint8Array, { orderBytes, tree, take }: DenseForm): void {
  const reader = new ByteReader(body, { at: 1 })
  const flags = reader.u8()
  if ((flags & HAS_MOST) !== 0) reader.skip(orderBytes)
  const heapAddress = file.address(reader)
  const names = file.address(reader)
  const order = (flags & HAS_ORDER_TREE) === 0 ? undefined : file.address(reader)
  if (heapAddress === undefined) return
  const heap = new FractalHeap(file, heapAddress)
  if (names === undefined) throw stop('h5-structure', 'a heap of names without an index')
  walkTree(file, names, { types: [tree], visit: (record) => take(record, heap) })
  if (order !== undefined) claimTree(file, order)
}

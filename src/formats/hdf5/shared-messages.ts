/**
 * Messages that are stored once for many objects: in a committed type, or in the heap of the file's shared messages.
 *
 * Source: HDF5 File Format Specification 3.0, III.G (shared object header message table), IV.A.2 (shared messages).
 */
import { ByteReader } from '../../base/index.ts'
import { FractalHeap } from './fractal-heap.ts'
import { type Hdf5File, stop } from './file.ts'
import { claimTree } from './tree-v2.ts'

const HEAP_ID_BYTES = 8
const CHECKSUM_BYTES = 4
const IN_HEAP = 1
const INDEX = { what: 'index of shared messages', role: 'index' } as const

/** See the module. */
export class SharedMessages {
  readonly #file: Hdf5File
  readonly #heaps: { readonly types: number; readonly heap: FractalHeap }[] = []
  /** Gives a message of a committed type; set by whoever walks the objects. */
  committed: (address: number, type: number) => Uint8Array = () => {
    throw stop('h5-structure', 'a shared message before any object')
  }

  constructor(file: Hdf5File) {
    this.#file = file
  }

  /** Reads the table that the superblock extension names. @throws Fault `h5-…` */
  readTable(body: Uint8Array): void {
    const file = this.#file
    const reader = new ByteReader(body, { at: 1 })
    const address = file.someAddress(reader, 'the table of shared messages')
    const count = reader.u8()
    const entry = 14 + 2 * file.sizes.offsetSize
    const bytes = file.take(address, 4 + count * entry + CHECKSUM_BYTES, INDEX)
    file.verify(bytes, 'table of shared messages')
    const table = new ByteReader(bytes)
    if (Buffer.from(table.bytes(4)).toString('latin1') !== 'SMTB')
      throw stop('h5-structure', 'no table of shared messages where it must stand')
    for (let i = 0; i < count; i++) this.#readIndex(table)
  }

  #readIndex(table: ByteReader): void {
    const file = this.#file
    table.skip(1)
    const isTree = table.u8() === 1
    const types = table.u16()
    table.skip(4)
    const [listMost] = [table.u16(), table.u16()]
    table.skip(2)
    const index = file.address(table)
    const heap = file.address(table)
    if (index !== undefined && isTree) claimTree(file, index)
    else if (index !== undefined) file.take(index, this.#listLength(listMost), INDEX)
    if (heap !== undefined) this.#heaps.push({ types, heap: new FractalHeap(file, heap) })
  }

  /** A list of shared messages: signature, records, checksum. */
  #listLength(records: number): number {
    const record = 1 + 4 + Math.max(HEAP_ID_BYTES + 4, 4 + this.#file.sizes.offsetSize)
    return 4 + records * record + CHECKSUM_BYTES
  }

  /** The body of a message of which `body` only says where it is. @throws Fault `h5-…` */
  resolve(type: number, body: Uint8Array): Uint8Array {
    const reader = new ByteReader(body)
    const version = reader.u8()
    const place = reader.u8()
    if (version < 1 || version > 3) throw stop('h5-unsupported', `a shared message of version ${version}`)
    if (version === 3 && place === IN_HEAP) return this.fetch(type, reader.bytes(HEAP_ID_BYTES))
    if (version === 1) reader.skip(6)
    return this.committed(this.#file.someAddress(reader, 'a shared message'), type)
  }

  /** A message of the heap of its type. @throws Fault `h5-…` */
  fetch(type: number, heapId: Uint8Array): Uint8Array {
    const found = this.#heaps.find(({ types }) => (types & (1 << type)) !== 0)
    if (found === undefined) throw stop('h5-structure', `no heap of shared messages of type ${type}`)
    return found.heap.read(heapId)
  }
}

/**
 * Local heaps (the names of old groups) and global heaps (text and sequences of variable length).
 *
 * Source: HDF5 File Format Specification 3.0, III.D and III.E.
 */
import { alignUp, ByteReader } from '../../base/index.ts'
import { type Hdf5File, stop } from './file.ts'

const HEAP = { what: 'heap', role: 'metadata' } as const
const NAMES = { what: 'names of a group', role: 'metadata' } as const
/** Bytes of the head of a collection, and of an object, beside its length. */
const OBJECT_HEAD = 8
const ALIGNMENT = 8

/** A local heap. */
export class LocalHeap {
  readonly #data: Uint8Array

  /** @throws Fault `h5-…` */
  constructor(file: Hdf5File, address: number) {
    const { offsetSize, lengthSize } = file.sizes
    const reader = file.open(file.take(address, 8 + 2 * lengthSize + offsetSize, HEAP), 'HEAP', 0)
    reader.skip(3)
    const length = file.length(reader)
    reader.skip(lengthSize)
    const data = file.someAddress(reader, 'the data of a heap')
    this.#data = file.take(data, length, NAMES)
  }

  /** The text at an offset, up to its zero. @throws Fault `h5-address` */
  text(offset: number): string {
    const end = this.#data.indexOf(0, offset)
    if (end < 0 || offset > this.#data.length) throw stop('h5-address', `no name at ${offset} of a heap`)
    return Buffer.from(this.#data.subarray(offset, end)).toString('utf8')
  }
}

interface Placed {
  readonly from: number
  readonly length: number
}

/** The global heaps of a file; each collection is read when something in it is wanted. */
export class GlobalHeaps {
  readonly #file: Hdf5File
  readonly #collections = new Map<number, ReadonlyMap<number, Placed>>()

  constructor(file: Hdf5File) {
    this.#file = file
  }

  /** An object by its collection and number, a copy. @throws Fault `h5-…` */
  read(address: number, index: number): Uint8Array {
    if (!this.#collections.has(address)) this.open(address)
    const found = this.#collections.get(address)?.get(index)
    if (found === undefined) throw stop('h5-structure', `no object ${index} in the heap at ${address}`)
    return this.#file.peek(address + found.from, found.length)
  }

  /** Reads the directory of a collection, claims it and gives its length. @throws Fault `h5-…` */
  open(address: number): number {
    const file = this.#file
    const { lengthSize } = file.sizes
    const head = file.open(file.peek(address, 8 + lengthSize), 'GCOL', 1)
    head.skip(3)
    const length = file.length(head)
    const bytes = file.take(address, length, HEAP)
    this.#collections.set(address, readObjects(file, bytes))
    return length
  }
}

/** Heads of collections and of objects are filled up to a multiple of eight, as objects are. */
function readObjects(file: Hdf5File, bytes: Uint8Array): ReadonlyMap<number, Placed> {
  const objects = new Map<number, Placed>()
  const head = alignUp(OBJECT_HEAD + file.sizes.lengthSize, ALIGNMENT)
  const reader = new ByteReader(bytes, { at: head })
  while (reader.remaining >= head) {
    const from = reader.at
    const index = reader.u16()
    if (index === 0) break
    reader.skip(6)
    const length = file.length(reader)
    if (objects.has(index)) throw stop('h5-structure', `two objects ${index} in one heap`)
    objects.set(index, { from: from + head, length })
    reader.skip(from + head - reader.at + alignUp(length, ALIGNMENT))
  }
  return objects
}

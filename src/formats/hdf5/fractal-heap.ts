/**
 * Fractal heaps: where links and attributes of large objects, and shared messages, are stored.
 *
 * A heap is a table of blocks whose sizes double by rows. It is walked once, its blocks are claimed, and objects are
 * then read by their ids. A heap whose blocks are compressed is not read.
 *
 * Source: HDF5 File Format Specification 3.0, III.F.
 */
import { ByteReader } from '../../base/index.ts'
import { type Hdf5File, readNumber, stop } from './file.ts'
import { claimFreeSpace } from './free-space.ts'
import { bytesFor, walkTree } from './tree-v2.ts'

const HEAP = { what: 'heap', role: 'metadata' } as const
const CHECKSUM_BYTES = 4
const MOST_ROWS = 64
const LARGEST_BLOCK = 2 ** 40
const HUGE_TREES: readonly number[] = [1, 3]

interface DirectBlock {
  /** Offset of the block within the heap. */
  readonly from: number
  readonly size: number
  readonly address: number
}

interface Shape {
  readonly width: number
  readonly start: number
  readonly largest: number
  readonly offsetBytes: number
  readonly lengthBytes: number
  readonly checked: boolean
}

/** Where an object that is too large for the blocks lies. */
interface HugeObject {
  readonly address: number
  readonly length: number
}

/** See the module. */
export class FractalHeap {
  readonly #file: Hdf5File
  readonly #address: number
  readonly #shape: Shape
  readonly #blocks: DirectBlock[] = []
  readonly #huge = new Map<number, HugeObject>()

  /** Reads the heap whose header is at `address`. @throws Fault `h5-…` */
  constructor(file: Hdf5File, address: number) {
    this.#file = file
    this.#address = address
    const { offsetSize, lengthSize } = file.sizes
    const bytes = file.take(address, 26 + 12 * lengthSize + 3 * offsetSize, HEAP)
    const reader = file.open(bytes, 'FRHP', 0)
    reader.skip(2)
    if (reader.u16() > 0) throw stop('h5-unsupported', 'a heap whose blocks are compressed')
    file.verify(bytes, 'heap header')
    const checked = (reader.u8() & 2) !== 0
    const largestObject = reader.u32()
    reader.skip(lengthSize)
    const hugeTree = file.address(reader)
    reader.skip(lengthSize)
    const freeSpace = file.address(reader)
    reader.skip(8 * lengthSize)
    const width = reader.u16()
    const [start, largest] = [file.length(reader), file.length(reader)]
    const bits = reader.u16()
    reader.skip(2)
    const root = file.address(reader)
    const rows = reader.u16()
    const lengthBytes = Math.min(Math.ceil(Math.log2(largest) / 8), bytesFor(largestObject))
    this.#shape = { width, start, largest, offsetBytes: Math.ceil(bits / 8), lengthBytes, checked }
    this.#checkShape()
    if (root !== undefined && rows === 0) this.#takeDirect(root, 0, start)
    else if (root !== undefined) this.#takeIndirect(root, 0, rows)
    if (freeSpace !== undefined) claimFreeSpace(file, freeSpace)
    if (hugeTree !== undefined)
      walkTree(file, hugeTree, { types: HUGE_TREES, visit: (record) => this.#takeHuge(record) })
  }

  #checkShape(): void {
    const { width, start, largest, offsetBytes } = this.#shape
    const powers = [width, start, largest].every((size) => size > 0 && Number.isInteger(Math.log2(size)))
    if (!powers || start > largest || largest > LARGEST_BLOCK || offsetBytes < 1 || offsetBytes > 8)
      throw stop('h5-structure', `a heap of blocks of ${start} to ${largest} bytes, ${width} in a row`)
  }

  #sizeOfRow(row: number): number {
    const { start } = this.#shape
    return row === 0 ? start : start * 2 ** (row - 1)
  }

  #open(bytes: Uint8Array, signature: string, from: number): ByteReader {
    const reader = this.#file.open(bytes, signature, 0)
    const owner = this.#file.someAddress(reader, 'the heap of a block')
    const offset = readNumber(reader, this.#shape.offsetBytes)
    if (owner !== this.#address || offset !== from)
      throw stop(
        'h5-structure',
        `a heap block at offset ${offset} of the heap at ${owner}, not ${from} of ${this.#address}`,
      )
    return reader
  }

  #takeDirect(address: number, from: number, size: number): void {
    const bytes = this.#file.take(address, size, HEAP)
    const reader = this.#open(bytes, 'FHDB', from)
    if (this.#shape.checked) this.#verifyInside(bytes, reader.at)
    this.#blocks.push({ from, size, address })
  }

  /** The checksum of a block stands in its head and counts as zero in itself. */
  #verifyInside(bytes: Uint8Array, at: number): void {
    const stored = bytes.slice(at, at + CHECKSUM_BYTES)
    const zeroed = bytes.slice()
    zeroed.fill(0, at, at + CHECKSUM_BYTES)
    this.#file.verify(Buffer.concat([zeroed, stored]), 'heap block')
  }

  #takeIndirect(address: number, from: number, rows: number): void {
    const { width, largest, offsetBytes } = this.#shape
    const { offsetSize } = this.#file.sizes
    if (rows < 1 || rows > MOST_ROWS) throw stop('h5-structure', `a heap block of ${rows} rows`)
    const length = 5 + offsetSize + offsetBytes + rows * width * offsetSize + CHECKSUM_BYTES
    const bytes = this.#file.take(address, length, HEAP)
    this.#file.verify(bytes, 'heap block')
    const reader = this.#open(bytes, 'FHIB', from)
    let offset = from
    for (let row = 0; row < rows; row++) {
      const size = this.#sizeOfRow(row)
      for (let column = 0; column < width; column++) {
        const child = this.#file.address(reader)
        if (child !== undefined && size <= largest) this.#takeDirect(child, offset, size)
        else if (child !== undefined) this.#takeIndirect(child, offset, this.#rowsOf(size))
        offset += size
      }
    }
  }

  /** Rows of an indirect block that stands for `size` bytes of the heap. */
  #rowsOf(size: number): number {
    const { start, width } = this.#shape
    return Math.log2(size) - Math.log2(start * width) + 1
  }

  #takeHuge(record: ByteReader): void {
    const address = this.#file.someAddress(record, 'an object of a heap')
    const length = this.#file.length(record)
    this.#file.claim(address, length, 'metadata')
    if (record.remaining > 0) this.#huge.set(this.#file.length(record), { address, length })
  }

  /** An object by its id. @throws Fault `h5-…` */
  read(id: Uint8Array): Uint8Array {
    const reader = new ByteReader(id)
    const flags = reader.u8()
    const type = (flags >> 4) & 3
    if (flags >> 6 !== 0 || type > 2) throw stop('h5-structure', `a heap id that begins with ${flags}`)
    if (type === 0) return this.#readManaged(reader)
    if (type === 1) return this.#readHuge(reader)
    return this.#readTiny(reader, flags & 0x0f)
  }

  #readManaged(reader: ByteReader): Uint8Array {
    const offset = readNumber(reader, this.#shape.offsetBytes)
    const length = readNumber(reader, this.#shape.lengthBytes)
    const block = this.#blockAt(offset)
    if (block === undefined || offset + length > block.from + block.size)
      throw stop('h5-address', `${length} bytes at ${offset} of a heap, where it has no block`)
    return this.#file.peek(block.address + offset - block.from, length)
  }

  /** The last block that begins at or before an offset; the blocks are in the order of the heap. */
  #blockAt(offset: number): DirectBlock | undefined {
    let [low, high] = [0, this.#blocks.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#blocks[middle] as DirectBlock).from <= offset) low = middle + 1
      else high = middle
    }
    return this.#blocks[low - 1]
  }

  #readHuge(reader: ByteReader): Uint8Array {
    const { offsetSize, lengthSize } = this.#file.sizes
    if (reader.remaining >= offsetSize + lengthSize)
      return this.#file.peek(this.#file.someAddress(reader, 'an object of a heap'), this.#file.length(reader))
    const found = this.#huge.get(readNumber(reader, Math.min(reader.remaining, lengthSize)))
    if (found === undefined) throw stop('h5-structure', 'a heap id of an object that the heap does not have')
    return this.#file.peek(found.address, found.length)
  }

  #readTiny(reader: ByteReader, low: number): Uint8Array {
    const length = reader.remaining > 17 ? low * 256 + reader.u8() + 1 : low + 1
    return reader.bytes(length)
  }
}

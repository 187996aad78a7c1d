/**
 * A byte source over what a compressed stream holds.
 *
 * The stream is unpacked once to learn how much is in it and what its check sum is. What fits is then kept; of larger
 * content a few blocks are kept, and the stream is unpacked again when an earlier one is wanted. Whoever reads forwards
 * pays for each byte twice, whoever jumps back pays again.
 *
 * Guarantee: at most 16 MiB of content in memory; every byte that comes out is spent from the budget, those that come
 * out again too. A stream that unpacks to a thousand times its size is not followed to its end.
 */
import { crc32 } from 'node:zlib'
import { Fault, isFault } from '../../base/index.ts'
import type { Budget } from '../budget.ts'
import type { ByteSource } from '../byte-source.ts'
import { checkRange, memorySource } from '../memory-source.ts'
import type { StartUnpacking, Unpacker } from './unpacker.ts'

/** Content that is kept whole. */
export const MOST_HELD = 16 * 1024 * 1024
const BLOCK = 256 * 1024
const BLOCKS = 32
/** Content of this size is not called a bomb, however small its packed form is. */
const INNOCENT = 64 * 1024 * 1024
/** Above this ratio content that is not innocent is a bomb; above the other one, content that exhausts the budget. */
const BOMB_RATIO = 1000
const ODD_RATIO = 100

/** What is to be unpacked. */
export interface Packed {
  readonly start: StartUnpacking
  /** Bytes of the compressed stream. */
  readonly packedSize: number
  readonly budget: Budget
  /** Most bytes that may come out, where the container says how many there are. */
  readonly limit?: number
}

/** What came out. */
export interface Unpacked {
  readonly source: ByteSource
  readonly size: number
  readonly crc: number
  /** Why no more came out, when the stream is broken: what stands before the break may still be loaded. */
  readonly broken?: Fault
}

/** Whether so much content in so few bytes is made to fill a memory. @example isBomb(2 ** 30, 2 ** 20) // true */
export function isBomb(size: number, packedSize: number): boolean {
  return size > INNOCENT && size > BOMB_RATIO * packedSize
}

function bomb(size: number, packedSize: number): Fault {
  return new Fault('expansion-bomb', `${size} bytes and more come out of ${packedSize}`)
}

/** Spends what came out; content that breaks the budget at an odd ratio is a bomb rather than large. */
function spend({ budget, packedSize }: Packed, length: number, size: number): void {
  if (isBomb(size, packedSize)) throw bomb(size, packedSize)
  try {
    budget.spendUnpacked(length)
  } catch (cause) {
    throw size > INNOCENT && size > ODD_RATIO * packedSize ? bomb(size, packedSize) : cause
  }
}

/** Faults that say something about cost, not about the stream. */
function isOfCost(thrown: unknown): boolean {
  return !isFault(thrown) || /^(budget-|expansion-bomb$|changed-while-read$)/.test(thrown.code)
}

/** Pulls pieces until the end or the break, and hands each on. */
function drain({ start }: Packed, take: (piece: Uint8Array) => void): Fault | undefined {
  const unpacker = start()
  try {
    for (let piece = unpacker.next(); piece !== undefined; piece = unpacker.next()) take(piece)
    return undefined
  } catch (thrown) {
    if (isOfCost(thrown)) throw thrown
    return thrown as Fault
  }
}

/**
 * Unpacks a stream, as far as it can be; see the module.
 *
 * @throws Fault `expansion-bomb`, `budget-unpacked`, what the source throws; and nothing for a broken stream
 */
export function unpack(packed: Packed): Unpacked {
  const { budget, limit = Number.MAX_SAFE_INTEGER } = packed
  let held: Uint8Array[] = []
  const ends = new Ends()
  let size = 0
  let crc = 0
  const broken = drain(packed, (whole) => {
    const piece = whole.subarray(0, limit - size)
    size += piece.length
    spend(packed, piece.length, size)
    crc = crc32(piece, crc)
    ends.add(piece)
    if (size <= MOST_HELD) held.push(piece.slice())
    else held = []
    if (piece.length < whole.length) throw new Fault('unpacked-too-much', `more than ${limit} bytes come out`)
  })
  const source = size <= MOST_HELD ? memorySource(Buffer.concat(held), budget) : new UnpackedSource(packed, size, ends)
  return { source, size, crc, ...(broken === undefined ? {} : { broken }) }
}

/** The first and the last block, kept as they come by: everybody looks at them. */
class Ends {
  #first: Uint8Array | undefined
  #current = new Uint8Array(BLOCK)
  #filled = 0

  add(piece: Uint8Array): void {
    for (let at = 0; at < piece.length;) {
      if (this.#filled === BLOCK) this.#turn()
      const part = piece.subarray(at, at + BLOCK - this.#filled)
      this.#current.set(part, this.#filled)
      this.#filled += part.length
      at += part.length
    }
  }

  #turn(): void {
    if (this.#first === undefined) {
      this.#first = this.#current
      this.#current = new Uint8Array(BLOCK)
    }
    this.#filled = 0
  }

  /** The blocks by number, of content of this size. */
  of(size: number): readonly (readonly [number, Uint8Array])[] {
    const last = [Math.ceil(size / BLOCK) - 1, this.#current.subarray(0, this.#filled)] as const
    return this.#first === undefined ? [last] : [[0, this.#first], last]
  }
}

class UnpackedSource implements ByteSource {
  readonly size: number
  readonly #packed: Packed
  /** Blocks by number, least recently used first. */
  readonly #blocks = new Map<number, Uint8Array>()
  readonly #ends: ReadonlyMap<number, Uint8Array>
  #unpacker: Unpacker | undefined
  /** Number of the block that comes out next, and what came out beyond the block before it. */
  #next = 0
  #rest: Uint8Array = new Uint8Array(0)

  constructor(packed: Packed, size: number, ends: Ends) {
    this.#packed = packed
    this.size = size
    this.#ends = new Map(ends.of(size))
  }

  read(offset: number, length: number): Uint8Array {
    checkRange(this.size, offset, length)
    this.#packed.budget.spendRead(length)
    return this.#copy(offset, length)
  }

  readContent(offset: number, length: number): Uint8Array {
    checkRange(this.size, offset, length)
    this.#packed.budget.spendContent(length)
    return this.#copy(offset, length)
  }

  #copy(offset: number, length: number): Uint8Array {
    const first = Math.floor(offset / BLOCK)
    const start = offset - first * BLOCK
    if (start + length <= BLOCK)
      return length === 0 ? new Uint8Array(0) : this.#block(first).subarray(start, start + length)
    const bytes = new Uint8Array(length)
    for (let filled = 0, number = first; filled < length; number++) {
      const block = this.#block(number).subarray(number === first ? start : 0)
      bytes.set(block.subarray(0, length - filled), filled)
      filled += block.length
    }
    return bytes
  }

  #block(number: number): Uint8Array {
    const known = this.#ends.get(number) ?? this.#blocks.get(number)
    if (known !== undefined) return known
    if (this.#unpacker === undefined || number < this.#next) this.#restart()
    let block = this.#unpackBlock()
    while (this.#next <= number) block = this.#unpackBlock()
    return block
  }

  #restart(): void {
    this.#unpacker = this.#packed.start()
    this.#next = 0
    this.#rest = new Uint8Array(0)
  }

  #unpackBlock(): Uint8Array {
    const number = this.#next++
    const length = Math.min(BLOCK, this.size - number * BLOCK)
    const block = new Uint8Array(length)
    for (let filled = 0; filled < length;) {
      if (this.#rest.length === 0) this.#rest = this.#unpacker?.next() ?? this.#fail()
      const part = this.#rest.subarray(0, length - filled)
      block.set(part, filled)
      filled += part.length
      this.#rest = this.#rest.subarray(part.length)
    }
    spend(this.#packed, length, 0)
    this.#blocks.set(number, block)
    if (this.#blocks.size > BLOCKS) this.#blocks.delete(this.#blocks.keys().next().value as number)
    return block
  }

  #fail(): never {
    throw new Fault('changed-while-read', 'the compressed stream gives less than it did before')
  }
}

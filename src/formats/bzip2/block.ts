/**
 * One block of a bzip2 stream: Huffman codes, moves to the front, the Burrows-Wheeler transform.
 *
 * Guarantee: no more memory than the block size that the stream header allows, 900 kB at most, times four.
 * Source: the format as bzip2 1.0.8 writes it; "bzip2 format specification" by Joe Tsai, 2016.
 */
import { Fault } from '../../base/index.ts'
import type { Bits } from './bits.ts'

const LONGEST_CODE = 20
const GROUP = 50
const RUN_A = 0
const RUN_B = 1

function broken(what: string): never {
  throw new Fault('stream-broken', what)
}

/** A canonical code: for each length the last word, where its words begin, and the symbols in order. */
interface Code {
  readonly limits: Int32Array
  readonly bases: Int32Array
  readonly symbols: Uint16Array
  readonly shortest: number
}

function makeCode(lengths: Uint8Array): Code {
  const limits = new Int32Array(LONGEST_CODE + 2).fill(-1)
  const bases = new Int32Array(LONGEST_CODE + 2)
  const order = [...lengths.keys()].toSorted((a, b) => (lengths[a] as number) - (lengths[b] as number) || a - b)
  const counts = new Uint16Array(LONGEST_CODE + 2)
  for (const length of lengths) counts[length] = (counts[length] as number) + 1
  let word = 0
  let index = 0
  for (let length = 1; length <= LONGEST_CODE; length++) {
    const count = counts[length] as number
    bases[length] = index - word
    limits[length] = word + count - 1
    word = (word + count) << 1
    index += count
  }
  return { limits, bases, symbols: Uint16Array.from(order), shortest: lengths[order[0] ?? 0] as number }
}

function readSymbol(bits: Bits, { limits, bases, symbols, shortest }: Code): number {
  const ahead = bits.peek(LONGEST_CODE)
  for (let length = shortest; length <= LONGEST_CODE; length++) {
    const word = ahead >>> (LONGEST_CODE - length)
    if (word <= (limits[length] as number)) {
      bits.skip(length)
      return symbols[word + (bases[length] as number)] ?? broken('bits that are no word of their code')
    }
  }
  return broken('bits that are no word of their code')
}

function readUsed(bits: Bits): readonly number[] {
  const ranges = bits.take(16)
  const used: number[] = []
  for (let range = 0; range < 16; range++) {
    if ((ranges & (0x8000 >> range)) === 0) continue
    const map = bits.take(16)
    for (let i = 0; i < 16; i++) if ((map & (0x8000 >> i)) !== 0) used.push(range * 16 + i)
  }
  return used.length === 0 ? broken('a block without symbols') : used
}

function readSelectors(bits: Bits, codes: number): Uint8Array {
  const count = bits.take(15)
  if (count === 0) broken('a block without selectors')
  const front = [...Array(codes).keys()]
  const selectors = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    let at = 0
    while (bits.take(1) === 1) if (++at >= codes) broken('a selector of a code that is not there')
    const [chosen = 0] = front.splice(at, 1)
    front.unshift(chosen)
    selectors[i] = chosen
  }
  return selectors
}

function readCode(bits: Bits, symbols: number): Code {
  const lengths = new Uint8Array(symbols)
  let length = bits.take(5)
  for (let i = 0; i < symbols; i++) {
    while (bits.take(1) === 1) length += bits.take(1) === 0 ? 1 : -1
    if (length < 1 || length > LONGEST_CODE) broken('a code with words of a wrong length')
    lengths[i] = length
  }
  return makeCode(lengths)
}

/** What a block holds before the transform is undone. */
export interface Block {
  /** Low 8 bits: a byte; the others: where the one after it stands. */
  readonly chain: Uint32Array
  readonly length: number
  readonly origin: number
}

/** Reads a block into `chain`, which has the size that blocks may have. @throws Fault `stream-broken`, `stream-truncated` */
export function readBlock(bits: Bits, chain: Uint32Array): Block {
  if (bits.take(1) === 1)
    throw new Fault('stream-unsupported', 'a randomised block, which no bzip2 has written since 1999')
  const origin = bits.take(24)
  const used = readUsed(bits)
  const codeCount = bits.take(3)
  if (codeCount < 2 || codeCount > 6) broken('a block with a wrong number of codes')
  const selectors = readSelectors(bits, codeCount)
  const codes = Array.from({ length: codeCount }, () => readCode(bits, used.length + 2))
  const length = readBytes(bits, { chain, front: Uint8Array.from(used), codes, selectors })
  if (origin >= length) broken('the origin of a block lies outside it')
  link(chain, length)
  return { chain, length, origin }
}

interface Coded {
  readonly chain: Uint32Array
  /** Bytes in the order of their last use. */
  readonly front: Uint8Array
  readonly codes: readonly Code[]
  readonly selectors: Uint8Array
}

function readBytes(bits: Bits, { chain, front, codes, selectors }: Coded): number {
  const last = front.length + 1
  let length = 0
  let run = 0
  let weight = 1
  for (let group = 0; group < selectors.length; group++) {
    const code = codes[selectors[group] as number] as Code
    for (let i = 0; i < GROUP; i++) {
      const symbol = readSymbol(bits, code)
      if (symbol === RUN_A || symbol === RUN_B) {
        run += weight << symbol
        weight <<= 1
        if (run > chain.length) broken('a run longer than a block')
        continue
      }
      if (length + run + 1 > chain.length + (symbol === last ? 1 : 0)) broken('a block longer than its stream allows')
      chain.fill(front[0] as number, length, length + run)
      length += run
      run = 0
      weight = 1
      if (symbol === last) return length
      const byte = front[symbol - 1] as number
      front.copyWithin(1, 0, symbol - 1)
      front[0] = byte
      chain[length++] = byte
    }
  }
  return broken('a block without an end')
}

/** Undoes the sorting: each entry gets the place of the byte after it. */
function link(chain: Uint32Array, length: number): void {
  const next = new Uint32Array(256)
  for (let i = 0; i < length; i++) next[(chain[i] as number) & 0xff] = (next[(chain[i] as number) & 0xff] as number) + 1
  let sum = 0
  for (let byte = 0; byte < 256; byte++) {
    const count = next[byte] as number
    next[byte] = sum
    sum += count
  }
  for (let i = 0; i < length; i++) {
    const byte = (chain[i] as number) & 0xff
    const place = next[byte] as number
    next[byte] = place + 1
    chain[place] = (chain[place] as number) | (i << 8)
  }
}

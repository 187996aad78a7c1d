/**
 * Numbers and bytes of serialised R data, in the two forms in which R writes them: binary in either byte order, and
 * text with one number or string a line.
 *
 * Guarantee: what is longer than the bytes present is a `Fault` `rda-length`.
 * Source: `R-ints`, "Serialization Formats"; `serialize.c` of R.
 */
import { Fault, isFault } from '../../base/index.ts'
import type { ByteSource } from '../byte-source.ts'
import { PageReader } from '../page-reader.ts'

/** One form. */
export interface RInput {
  /** Offset of the next byte. */
  readonly at: number
  int(): number
  /** Passes over `count` numbers of `bytes` each. */
  skipNumbers(count: number, bytes: number): void
  /** A string of `length` bytes, of which at most `kept` are returned. */
  text(length: number, kept: number): string
  /** Passes over raw bytes. */
  skipRaw(length: number): void
}

function tooLong(at: number, wanted: number, left: number): Fault {
  return new Fault('rda-length', `at ${at}, ${wanted} bytes are wanted and ${left} are left`, {
    details: { offset: at },
  })
}

/** Binary form; reading begins at `at`. */
export class BinaryInput implements RInput {
  readonly #cursor: PageReader

  constructor(source: ByteSource, options: { readonly at: number; readonly littleEndian: boolean }) {
    this.#cursor = new PageReader(source, options)
  }

  get at(): number {
    return this.#cursor.at
  }

  #check(wanted: number): void {
    const { at, remaining } = this.#cursor
    if (wanted > remaining) throw tooLong(at, wanted, remaining)
  }

  int(): number {
    this.#check(4)
    return this.#cursor.i32()
  }

  skipNumbers(count: number, bytes: number): void {
    this.skipRaw(count * bytes)
  }

  skipRaw(length: number): void {
    this.#check(length)
    this.#cursor.skip(length)
  }

  text(length: number, kept: number): string {
    this.#check(length)
    const text = Buffer.from(this.#cursor.view(Math.min(kept, length))).toString('utf8')
    this.#cursor.skip(length - Math.min(kept, length))
    return text
  }
}

const NEWLINE = 0x0a
const BACKSLASH = 0x5c
const LONGEST_WORD = 400

/** Text form; reading begins at `at`. */
export class TextInput implements RInput {
  readonly #cursor: PageReader

  constructor(source: ByteSource, at: number) {
    this.#cursor = new PageReader(source, { at })
  }

  get at(): number {
    return this.#cursor.at
  }

  #word(): string {
    const cursor = this.#cursor
    const end = cursor.find(NEWLINE)
    if (end < 0 || end - cursor.at > LONGEST_WORD) throw tooLong(cursor.at, LONGEST_WORD, cursor.remaining)
    const word = Buffer.from(cursor.view(end - cursor.at)).toString('latin1')
    cursor.skip(1)
    return word.trim()
  }

  int(): number {
    const at = this.at
    const word = this.#word()
    const value = word === 'NA' ? -2_147_483_648 : Number(word)
    if (!Number.isInteger(value) || word === '')
      throw new Fault('rda-item', `no number stands at ${at}`, { details: { offset: at } })
    return value
  }

  skipNumbers(count: number, bytes: number): void {
    const words = bytes === 16 ? 2 * count : count
    for (let i = 0; i < words; i++) this.#word()
  }

  skipRaw(length: number): void {
    for (let i = 0; i < length; i++) this.#word()
  }

  text(length: number, kept: number): string {
    const bytes: number[] = []
    try {
      for (let i = 0; i < length; i++) {
        const byte = this.#character()
        if (bytes.length < kept) bytes.push(byte)
      }
      this.#cursor.skip(this.#cursor.remaining > 0 ? 1 : 0)
    } catch (thrown) {
      if (!isFault(thrown, 'truncated')) throw thrown
      throw tooLong(this.at, length, this.#cursor.remaining)
    }
    return Buffer.from(bytes).toString('utf8')
  }

  /** One byte, which may be written as an escape of one letter or three octal digits. */
  #character(): number {
    const byte = this.#cursor.u8()
    if (byte !== BACKSLASH) return byte
    const letter = String.fromCharCode(this.#cursor.u8())
    if (!/[0-7]/.test(letter)) return letter.charCodeAt(0)
    const more = Buffer.from(this.#cursor.view(2)).toString('latin1')
    return Number.parseInt(letter + more, 8) & 255
  }
}

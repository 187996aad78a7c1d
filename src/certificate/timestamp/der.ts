/**
 * DER: reads one element after another, in the one encoding that DER allows.
 *
 * Tags of one byte, definite lengths in their shortest form, integers without padding, TRUE as ff, times in UTC with
 * seconds; whoever reads says what must come next and that nothing may follow. So a structure that was read has no
 * second encoding, except where its definition leaves a choice (optional members, order of an unsorted list).
 *
 * Guarantee: nothing is copied or allocated by a declared length; throws nothing but Fault `der`.
 * Source: ITU-T X.690 (02/2021), sections 8 and 10; RFC 5280 section 4.1.2.5 (times).
 */
import { Fault } from '../../base/index.ts'
import { equalBytes, toHex } from '../encoding.ts'

/** Tags that are read and written here. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** Tag of an implicit or explicit context member: `context(0, true)` is `[0]` around others. */
export function context(number: number, constructed: boolean): number {
  return 0x80 + (constructed ? 0x20 : 0) + number
}

/** One element. */
export interface DerElement {
  readonly tag: number
  /** Tag, length and content. */
  readonly whole: Uint8Array
  readonly content: Uint8Array
}

const UTC_TIME = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/
const GENERALIZED_TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{0,8}[1-9])?Z$/
const decoder = new TextDecoder('latin1')

/** ms since 1970 of a time that the form takes and that is written back the same; undefined for any other. */
function parseTime(text: string, form: RegExp): number | undefined {
  const fields = form.exec(text)?.slice(1, 7).map(Number)
  if (fields === undefined) return undefined
  const [year = 0, month = 0, ...rest] = fields
  const century = form === GENERALIZED_TIME ? 0 : year < 50 ? 2000 : 1900
  const whole = Date.UTC(century + year, month - 1, ...rest)
  const written = new Date(whole).toISOString().replaceAll(/[-:T]|\.000/g, '')
  if (!written.endsWith(text.replace(/\..*Z/, 'Z'))) return undefined
  return whole + Math.floor(Number(`0${/\.\d+/.exec(text)?.[0] ?? ''}`) * 1000)
}

/** Reads the elements of a buffer from the left. */
export class DerReader {
  readonly #bytes: Uint8Array
  readonly #where: string
  #at = 0

  /** @param where what is read, for the message of a fault */
  constructor(bytes: Uint8Array, where: string) {
    this.#bytes = bytes
    this.#where = where
  }

  #refuse(what: string): never {
    throw new Fault('der', `${this.#where}: ${what} at byte ${this.#at}`)
  }

  #header(): { readonly header: number; readonly length: number } {
    const first = this.#bytes[this.#at + 1] ?? this.#refuse('it ends before a length')
    if (first < 0x80) return { header: 2, length: first }
    const count = first - 0x80
    if (count === 0 || count > 3) this.#refuse('a length that is indefinite or of more than three bytes')
    const digits = this.#bytes.subarray(this.#at + 2, this.#at + 2 + count)
    const length = digits.reduce((sum, digit) => sum * 256 + digit, 0)
    if (digits.length < count || length < 0x80 || digits[0] === 0)
      this.#refuse('a length that is not in its shortest form')
    return { header: 2 + count, length }
  }

  /** True when everything was read. */
  get done(): boolean {
    return this.#at === this.#bytes.length
  }

  /** True when the next element has this tag. */
  next(tag: number): boolean {
    return this.#bytes[this.#at] === tag
  }

  /** The next element, whatever it is. @throws Fault `der` */
  any(): DerElement {
    const tag = this.#bytes[this.#at] ?? this.#refuse('it ends before an element')
    if ((tag & 0x1f) === 0x1f) this.#refuse('a tag of several bytes')
    const { header, length } = this.#header()
    const whole = this.#bytes.subarray(this.#at, this.#at + header + length)
    if (whole.length < header + length) this.#refuse('an element that is longer than what holds it')
    this.#at += whole.length
    return { tag, whole, content: whole.subarray(header) }
  }

  /** The next element, of this tag. @throws Fault `der` */
  take(tag: number): DerElement {
    if (!this.next(tag)) this.#refuse(`no element with tag ${toHex(Uint8Array.of(tag))}`)
    return this.any()
  }

  /** The next element when it has this tag. @throws Fault `der` */
  takeIf(tag: number): DerElement | undefined {
    return this.next(tag) ? this.any() : undefined
  }

  /** Reader of what stands in the next element. @throws Fault `der` */
  enter(tag: number, where = this.#where): DerReader {
    return new DerReader(this.take(tag).content, where)
  }

  /** Bytes of an integer in shortest form, at most `most` of them. @throws Fault `der` */
  integer(most = 32): Uint8Array {
    const { content } = this.take(TAG.integer)
    const [first, second = 0] = content
    const padded = content.length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))
    if (first === undefined || padded || content.length > most)
      this.#refuse('an integer that is empty, padded or too long')
    return content
  }

  /** An integer of 0 … 2^31-1. @throws Fault `der` */
  count(): number {
    const digits = this.integer(4)
    if ((digits[0] ?? 0) >= 0x80) this.#refuse('a negative integer')
    return digits.reduce((sum, digit) => sum * 256 + digit, 0)
  }

  /** TRUE when the next element is a boolean; a default FALSE must be left out. @throws Fault `der` */
  flag(): boolean {
    const element = this.takeIf(TAG.boolean)
    if (element === undefined) return false
    return (
      equalBytes(element.content, Uint8Array.of(0xff)) || this.#refuse('a boolean that is not TRUE as DER writes it')
    )
  }

  /** An object identifier, as hex of its content. @throws Fault `der` */
  oid(): string {
    const { content } = this.take(TAG.oid)
    const padded = content.some((byte, at) => byte === 0x80 && (at === 0 || (content[at - 1] ?? 0) < 0x80))
    if (content.length === 0 || (content.at(-1) ?? 0x80) >= 0x80 || padded)
      this.#refuse('a malformed object identifier')
    return toHex(content)
  }

  /** Bits of which none is left over. @throws Fault `der` */
  bits(): Uint8Array {
    const { content } = this.take(TAG.bitString)
    if (content[0] !== 0) this.#refuse('a bit string that is not of whole bytes')
    return content.subarray(1)
  }

  /** GeneralizedTime, and UTCTime unless only the former is due; ms since 1970. @throws Fault `der` */
  time(only?: 'generalized'): number {
    const short = only === undefined && this.next(TAG.utcTime)
    const text = decoder.decode(this.take(short ? TAG.utcTime : TAG.generalizedTime).content)
    const time = parseTime(text, short ? UTC_TIME : GENERALIZED_TIME)
    return time ?? this.#refuse('a time that is not written as DER wants, or that no calendar has')
  }

  /** Says that nothing may follow. @throws Fault `der` */
  end(): void {
    if (!this.done) this.#refuse('something stands where nothing may follow')
  }
}

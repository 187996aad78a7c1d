/**
 * Walks UBJSON, the binary form of JSON, as XGBoost writes it: nothing is built, arrays of numbers are passed over.
 *
 * Guarantee: a length or count that the bytes present cannot hold is a `Fault` `xgb-length` before anything is read.
 * Source: the UBJSON specification, draft 12.
 */
import { Fault } from '../../base/index.ts'
import type { Budget } from '../budget.ts'
import type { PageReader } from '../page-reader.ts'

const KEPT_TEXT = 4096
/** Bytes of the numbers, by their marker. */
const WIDTHS: ReadonlyMap<string, number> = new Map([
  ['i', 1],
  ['U', 1],
  ['I', 2],
  ['l', 4],
  ['L', 8],
  ['d', 4],
  ['D', 8],
])
const CONSTANTS: ReadonlySet<string> = new Set(['Z', 'T', 'F'])

/** Takes what the walk finds; paths are keys joined by slashes. */
export interface UbjsonSink {
  text(path: string, value: string): void
  number(path: string, value: number | bigint): void
  /** An array of numbers, where its bytes lie. */
  numbers(path: string, array: { readonly at: number; readonly count: number; readonly width: number }): void
  twin(path: string, offset: number): void
}

/** See the module. */
export class UbjsonWalk {
  readonly #cursor: PageReader
  readonly #budget: Budget
  readonly #sink: UbjsonSink

  /** @param cursor big-endian */
  constructor(cursor: PageReader, budget: Budget, sink: UbjsonSink) {
    this.#cursor = cursor
    this.#budget = budget
    this.#sink = sink
  }

  #refuse(code: 'xgb-length' | 'xgb-marker', message: string): never {
    throw new Fault(code, message, { details: { offset: this.#cursor.at } })
  }

  #need(bytes: number): void {
    const { remaining } = this.#cursor
    if (bytes > remaining) this.#refuse('xgb-length', `${bytes} bytes are wanted and ${remaining} are left`)
  }

  /** The next marker; those that mean nothing are passed over. */
  #marker(): string {
    for (;;) {
      this.#need(1)
      const marker = String.fromCharCode(this.#cursor.u8())
      if (marker !== 'N') return marker
    }
  }

  #number(marker: string): number | bigint {
    const width = WIDTHS.get(marker) ?? this.#refuse('xgb-marker', `${JSON.stringify(marker)} is no number`)
    this.#need(width)
    const cursor = this.#cursor
    const read: Readonly<Record<string, () => number | bigint>> = {
      i: () => cursor.i8(),
      U: () => cursor.u8(),
      I: () => cursor.i16(),
      l: () => cursor.i32(),
      L: () => cursor.i64(),
      d: () => cursor.f32(),
      D: () => cursor.f64(),
    }
    return read[marker]?.() ?? 0
  }

  #size(): number {
    const size = Number(this.#number(this.#marker()))
    if (!Number.isSafeInteger(size) || size < 0) this.#refuse('xgb-length', `a length of ${size}`)
    return size
  }

  #text(length: number): string {
    this.#need(length)
    const kept = Buffer.from(this.#cursor.view(Math.min(length, KEPT_TEXT))).toString('utf8')
    this.#cursor.skip(length - Math.min(length, KEPT_TEXT))
    return kept
  }

  /** Takes one value whole. @throws Fault `xgb-…`, `budget-…` */
  value(path = '', depth = 0, marker = this.#marker()): void {
    this.#budget.checkDepth(depth)
    this.#budget.spendItems()
    if (marker === '{') this.#object(path, depth)
    else if (marker === '[') this.#array(path, depth)
    else if (marker === 'S' || marker === 'H') this.#sink.text(path, this.#text(this.#size()))
    else if (marker === 'C') this.#sink.text(path, this.#text(1))
    else if (!CONSTANTS.has(marker)) this.#sink.number(path, this.#number(marker))
  }

  /** Type and number of the items, where a container says them ahead. */
  #head(): { readonly type: string | undefined; readonly count: number | undefined; readonly next: string } {
    const first = this.#marker()
    const type = first === '$' ? this.#marker() : undefined
    const next = type === undefined ? first : this.#marker()
    if (next !== '#')
      return type === undefined ? { type, count: undefined, next } : this.#refuse('xgb-marker', 'no count')
    const count = this.#size()
    if (count > this.#cursor.remaining) this.#refuse('xgb-length', `${count} items are declared`)
    return { type, count, next: '' }
  }

  #object(path: string, depth: number): void {
    const { type, count, next } = this.#head()
    const keys = new Set<string>()
    let marker = count === undefined ? next : ''
    for (let i = 0; count === undefined ? marker !== '}' : i < count; i++) {
      const at = this.#cursor.at
      const length = marker === '' ? this.#size() : Number(this.#number(marker))
      if (length < 0) this.#refuse('xgb-length', `a key of ${length} bytes`)
      const key = this.#text(length)
      if (keys.has(key)) this.#sink.twin(`${path}/${key}`, at)
      keys.add(key)
      this.value(`${path}/${key}`, depth + 1, type ?? this.#marker())
      marker = count === undefined ? this.#marker() : ''
    }
  }

  #array(path: string, depth: number): void {
    const { type, count, next } = this.#head()
    const width = type === undefined ? undefined : WIDTHS.get(type)
    if (width !== undefined && count !== undefined) {
      this.#need(width * count)
      this.#sink.numbers(path, { at: this.#cursor.at, count, width })
      return this.#cursor.skip(width * count)
    }
    let marker = count === undefined ? next : ''
    for (let i = 0; count === undefined ? marker !== ']' : i < count; i++) {
      this.value(`${path}/${i}`, depth + 1, marker === '' ? (type ?? this.#marker()) : marker)
      marker = count === undefined ? this.#marker() : ''
    }
  }
}

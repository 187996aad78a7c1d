/**
 * The serialisation in which Python keeps bytecode: names and constants of code objects, and nothing run.
 *
 * Only what says what a program speaks of is kept: the names that it uses and its constant texts. The instructions
 * themselves are passed over.
 *
 * Guarantee: nothing is allocated from a declared count, nesting is bounded, and what is wrong is a `Fault` with the
 * offset; every byte of the object is read exactly once.
 * Source: CPython, Python/marshal.c, versions 2.3 to 3.14.
 */
import { Fault } from '../../base/index.ts'
import { NUMBERS, PARTS, type CodeLayout } from './versions.ts'

const DEEPEST = 100
const MOST_CODES = 20_000
const REFERENCE = 0x80
/** Types without content. */
const ATOMS = 'NFTS.0?'
const LISTS = '([<>):'

/** One code object. */
export interface CodeObject {
  /** Its own name, after those of the code objects around it: `<module>.Net.forward`. */
  readonly path: string
  readonly names: readonly string[]
  /** Its constant texts; bytes as Latin-1. */
  readonly constants: readonly string[]
}

type Value = string | readonly Value[] | CodeDraft | null

interface CodeDraft {
  readonly name: string
  readonly names: readonly string[]
  readonly constants: readonly Value[]
}

/** See the module. */
class Unmarshalling {
  readonly #bytes: Buffer
  readonly #layout: CodeLayout
  readonly #references: Value[] = []
  readonly #interned: string[] = []
  #depth = 0
  at: number

  constructor(bytes: Uint8Array, at: number, layout: CodeLayout) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.at = at
    this.#layout = layout
  }

  #fail(what: string): never {
    throw new Fault('pyc-broken', `${what} at ${this.at}`, { details: { offset: this.at } })
  }

  #take(length: number): Buffer {
    if (length < 0 || length > this.#bytes.length - this.at) this.#fail(`${length} bytes wanted`)
    const from = this.at
    this.at += length
    return this.#bytes.subarray(from, this.at)
  }

  #int(): number {
    return this.#take(4).readInt32LE(0)
  }

  #count(): number {
    const count = this.#int()
    if (count < 0 || count > this.#bytes.length - this.at) this.#fail(`a count of ${count}`)
    return count
  }

  /** The next object. */
  value(): Value {
    if (++this.#depth > DEEPEST) this.#fail(`nested deeper than ${DEEPEST} levels`)
    const byte = this.#take(1)[0] as number
    const index = (byte & REFERENCE) === 0 ? -1 : this.#references.push(null) - 1
    const value = this.#ofType(String.fromCharCode(byte & ~REFERENCE))
    if (index >= 0) this.#references[index] = value
    this.#depth -= 1
    return value
  }

  #ofType(type: string): Value {
    if (ATOMS.includes(type)) return null
    if (LISTS.includes(type)) return this.#list(this.#lengthOf(type))
    switch (type) {
      case 'c':
        return this.#code()
      case 'r':
        return this.#references[this.#int()] ?? null
      case 'R':
        return this.#interned[this.#int()] ?? null
      case '{':
        return this.#dictionary()
      default:
        return this.#text(type) ?? this.#number(type)
    }
  }

  /** Items of a tuple, a list, a set or a slice. */
  #lengthOf(type: string): number {
    if (type === ':') return 3
    return type === ')' ? (this.#take(1)[0] as number) : this.#count()
  }

  #text(type: string): string | undefined {
    switch (type) {
      case 's':
      case 'a':
      case 'A':
        return this.#take(this.#count()).toString('latin1')
      case 't':
        return this.#intern(this.#take(this.#count()).toString('latin1'))
      case 'z':
      case 'Z':
        return this.#take(this.#take(1)[0] as number).toString('latin1')
      case 'u':
        return this.#take(this.#count()).toString('utf8').toWellFormed()
      default:
        return undefined
    }
  }

  #intern(text: string): string {
    this.#interned.push(text)
    return text
  }

  #number(type: string): null {
    const lengths: Readonly<Partial<Record<string, number>>> = { i: 4, I: 8, g: 8, y: 16 }
    const length = lengths[type]
    if (length !== undefined) this.#take(length)
    else if (type === 'l') this.#take(Math.abs(this.#int()) * 2)
    else if (type === 'f') this.#take(this.#take(1)[0] as number)
    else if (type === 'x') for (let part = 0; part < 2; part++) this.#take(this.#take(1)[0] as number)
    else this.#fail(`an object of the unknown type ${JSON.stringify(type)}`)
    return null
  }

  #list(count: number): Value {
    const items: Value[] = []
    for (let index = 0; index < count; index++) items.push(this.value())
    return items
  }

  #dictionary(): Value {
    const items: Value[] = []
    while (this.#bytes[this.at] !== 0x30) items.push(this.value(), this.value())
    this.#take(1)
    return items
  }

  #code(): CodeDraft {
    this.#take(4 * NUMBERS[this.#layout])
    const parts = new Map<string, Value>()
    for (const part of PARTS[this.#layout]) {
      if (part.startsWith('=')) this.#int()
      else parts.set(part, this.value())
    }
    return {
      name: textOf(parts.get('qualname')) ?? textOf(parts.get('name')) ?? '?',
      names: textsIn(parts.get('names')),
      constants: listIn(parts.get('consts')),
    }
  }
}

function textOf(value: Value | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function listIn(value: Value | undefined): readonly Value[] {
  return Array.isArray(value) ? (value as readonly Value[]) : []
}

function textsIn(value: Value | undefined): readonly string[] {
  return listIn(value).filter((item) => typeof item === 'string')
}

function isCode(value: Value): value is CodeDraft {
  return typeof value === 'object' && value !== null && 'constants' in value
}

/** The texts in constants, which may be tuples of tuples; a tuple that stands in many places is looked at once. */
function constantTexts(values: readonly Value[]): readonly string[] {
  const texts: string[] = []
  const seen = new Set<Value>()
  const stack = values.toReversed()
  while (stack.length > 0) {
    const value = stack.pop()
    if (typeof value === 'string') texts.push(value)
    if (!Array.isArray(value) || seen.has(value as readonly Value[])) continue
    seen.add(value as readonly Value[])
    for (const item of (value as readonly Value[]).toReversed()) stack.push(item)
  }
  return texts
}

/** The code objects among constants, each once. */
function codesIn(values: readonly Value[], seen: Set<Value>): readonly CodeDraft[] {
  const codes: CodeDraft[] = []
  const stack = values.toReversed()
  while (stack.length > 0) {
    const value = stack.pop() ?? null
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    if (isCode(value)) codes.push(value)
    else for (const item of value.toReversed()) stack.push(item)
  }
  return codes
}

function flatten(root: Value): readonly CodeObject[] {
  const found: CodeObject[] = []
  const seen = new Set<Value>()
  const stack = codesIn([root], seen).map((code) => ({ code, around: '' }))
  for (let top = stack.pop(); top !== undefined && found.length < MOST_CODES; top = stack.pop()) {
    const { code, around } = top
    const path = around === '' ? code.name : `${around}.${code.name}`.slice(-200)
    found.push({ path, names: code.names, constants: constantTexts(code.constants) })
    for (const inner of codesIn(code.constants, seen).toReversed()) stack.push({ code: inner, around: path })
  }
  return found
}

/** The code objects in marshalled bytes, and where the object ends. @throws Fault `pyc-broken` */
export function unmarshal(
  bytes: Uint8Array,
  { at, layout }: { readonly at: number; readonly layout: CodeLayout },
): { readonly codes: readonly CodeObject[]; readonly end: number } {
  const reading = new Unmarshalling(bytes, at, layout)
  const root = reading.value()
  return { codes: flatten(root), end: reading.at }
}

/**
 * The checker's own reading of opcodes; it shares nothing with the engine's.
 *
 * Whole streams in memory, one opcode at a time, and only the forms that CPython's picklers write.
 * Source: CPython `Lib/pickletools.py`, `Lib/pickle.py`.
 */
import { Buffer } from 'node:buffer'
import { Refusal } from './refusal.ts'

/** Character, name, form of the argument: bytes of a number, `c` and bytes of a length, lines. */
const TABLE = `I INT line|J BININT 4|K BININT1 1|M BININT2 2|L LONG line|\x8a LONG1 c1|\x8b LONG4 c4|S STRING line|T BINSTRING c4
U SHORT_BINSTRING c1|B BINBYTES c4|C SHORT_BINBYTES c1|\x8e BINBYTES8 c8|\x96 BYTEARRAY8 c8|N NONE|\x88 NEWTRUE|\x89 NEWFALSE
V UNICODE line|\x8c SHORT_BINUNICODE c1|X BINUNICODE c4|\x8d BINUNICODE8 c8|F FLOAT line|G BINFLOAT 8|] EMPTY_LIST|a APPEND
e APPENDS|l LIST|) EMPTY_TUPLE|t TUPLE|\x85 TUPLE1|\x86 TUPLE2|\x87 TUPLE3|} EMPTY_DICT|d DICT|s SETITEM|u SETITEMS
\x8f EMPTY_SET|\x90 ADDITEMS|\x91 FROZENSET|0 POP|2 DUP|( MARK|1 POP_MARK|g GET line|h BINGET 1|j LONG_BINGET 4|p PUT line
q BINPUT 1|r LONG_BINPUT 4|\x94 MEMOIZE|c GLOBAL lines|\x93 STACK_GLOBAL|R REDUCE|b BUILD|i INST lines|o OBJ|\x81 NEWOBJ
\x92 NEWOBJ_EX|\x80 PROTO 1|. STOP|\x95 FRAME 8|Q BINPERSID`

/** Opcodes by the protocol that brought them; the others are as old as pickles. */
const NEWER: Readonly<Record<number, string>> = {
  2: '\x8a\x8b\x88\x89\x85\x86\x87\x81\x80',
  3: 'BC',
  4: '\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95',
  5: '\x96',
}

interface Form {
  readonly name: string
  readonly form: string | undefined
  readonly protocol: number
}

const FORMS: ReadonlyMap<number, Form> = new Map(
  TABLE.split(/[|\n]/).map((row) => {
    const [character, name, form] = row.split(' ') as [string, string, string?]
    const newer = Object.entries(NEWER).find(([, characters]) => characters.includes(character))
    return [character.charCodeAt(0), { name, form, protocol: Number(newer?.[0] ?? 0) }]
  }),
)

/** One opcode as it stands in the stream. */
export interface Decoded {
  readonly name: string
  readonly protocol: number
  readonly at: number
  readonly end: number
  /** Number of a fixed size. */
  readonly number: number
  /** The payload, or the line without its newline. */
  readonly from: number
  readonly to: number
}

/** Reads a stream that lies in memory. */
export class Decoder {
  readonly bytes: Buffer
  at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  /** The next opcode. @throws Refusal */
  next(): Decoded {
    const { at } = this
    const form = FORMS.get(this.bytes[at] as number)
    if (form === undefined) throw new Refusal(`no opcode at ${at}`)
    const { name, protocol } = form
    const [number, from, to, end] = this.#argument(form.form, at + 1)
    if (end > this.bytes.length) throw new Refusal(`the stream ends inside ${name} at ${at}`)
    this.at = end
    return { name, protocol, at, end, number, from, to }
  }

  #argument(form: string | undefined, at: number): readonly [number: number, from: number, to: number, end: number] {
    if (form === undefined) return [0, at, at, at]
    if (form === 'line') {
      const end = this.#newline(at)
      return [0, at, end, end + 1]
    }
    if (form === 'lines') {
      const end = this.#newline(this.#newline(at) + 1)
      return [0, at, end, end + 1]
    }
    const width = Number(form.replace('c', ''))
    if (at + width > this.bytes.length) throw new Refusal(`the stream ends at ${at}`)
    const number = width === 8 ? Number(this.bytes.readBigUInt64LE(at)) : this.bytes.readUIntLE(at, width)
    const from = at + width
    return form.startsWith('c') ? [number, from, from + number, from + number] : [number, from, from, from]
  }

  #newline(at: number): number {
    const found = this.bytes.indexOf(10, at)
    if (found === -1) throw new Refusal(`a line at ${at} does not end`)
    return found
  }

  /** A payload as Latin-1. */
  latin1({ from, to }: Decoded): string {
    return this.bytes.toString('latin1', from, to)
  }
}

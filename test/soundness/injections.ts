/**
 * Ways to hide a call in a stream that was proved inert, each in the forms of the stream's own protocol, so that nothing
 * but the injection itself can give it away.
 */
import { PageReader } from '../../src/formats/page-reader.ts'
import { Budget } from '../../src/formats/budget.ts'
import { memorySource } from '../../src/formats/memory-source.ts'
import { OpcodeStream } from '../../src/formats/pickle/opcode-stream.ts'

/** A stream in parts. */
export interface Parts {
  readonly protocol: number
  /** Bytes of each opcode between PROTO and STOP, frames left out. */
  readonly ops: readonly Uint8Array[]
}

/** Bytes, mostly written as text of one byte each. */
type Bytes = Uint8Array | string

/** One way: gives the whole stream. */
export type Injection = (parts: Parts) => Uint8Array

const toBytes = (bytes: Bytes): Uint8Array => (typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)

function join(...all: readonly Bytes[]): Uint8Array {
  return new Uint8Array(Buffer.concat(all.map(toBytes)))
}

function u32(value: number): string {
  return String.fromCharCode(value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24)
}

function frame(length: number): Bytes {
  return `\x95${u32(length)}\0\0\0\0`
}

/** Takes a stream apart. */
export function takeApart(bytes: Uint8Array): Parts {
  const stream = new OpcodeStream(new PageReader(memorySource(bytes, new Budget()), { at: 0 }))
  const ops: Uint8Array[] = []
  let protocol = 0
  for (;;) {
    const { name } = stream.next()
    if (name === 'STOP') return { protocol, ops }
    if (name === 'PROTO') protocol = stream.value
    else if (name !== 'FRAME') ops.push(bytes.slice(stream.offset, stream.end))
  }
}

/** Puts a stream together as CPython frames it. */
export function putTogether({ protocol, ops }: Parts, tail: Bytes = ''): Uint8Array {
  const body = join(...ops, '.')
  const head = protocol >= 2 ? `\x80${String.fromCharCode(protocol)}` : ''
  return protocol >= 4 && body.length > 3 ? join(head, frame(body.length), body, tail) : join(head, body, tail)
}

function text(protocol: number, value: string): string {
  if (protocol === 0) return `V${value}\n`
  return protocol >= 4 ? `\x8c${String.fromCharCode(value.length)}${value}` : `X${u32(value.length)}${value}`
}

function global(protocol: number, module: string, name: string): string {
  return protocol >= 4 ? `${text(protocol, module)}${text(protocol, name)}\x93` : `c${module}\n${name}\n`
}

function one(protocol: number, item: string): string {
  return protocol >= 2 ? `${item}\x85` : `(${item}t`
}

function call(protocol: number, module = 'os', name = 'system'): string {
  return `${global(protocol, module, name)}${one(protocol, text(protocol, 'echo'))}R`
}

/** Writes something before the opcode in the middle at which an object begins, so that it stands inside of what is built. */
function amid({ protocol, ops }: Parts, what: Bytes): Uint8Array {
  return putTogether({ protocol, ops: ops.toSpliced(positionAmid(ops), 0, toBytes(what)) })
}

/** Between two opcodes nothing is on its way that a value above it would disturb: what is added takes itself away. */
function positionAmid(ops: readonly Uint8Array[]): number {
  return Math.max(1, ops.length >> 1)
}

function atEnd({ protocol, ops }: Parts, what: Bytes): Uint8Array {
  return putTogether({ protocol, ops: [...ops, toBytes(what)] })
}

function atStart({ protocol, ops }: Parts, what: Bytes): Uint8Array {
  return putTogether({ protocol, ops: [toBytes(what), ...ops] })
}

function pair({ protocol }: Parts, what: string): string {
  return protocol >= 2 ? `${what}\x86` : `p900\n0(g900\n${what}t`
}

/** All ways by name. */
export const INJECTIONS: Readonly<Record<string, Injection>> = {
  'before everything': (parts) => atStart(parts, `${call(parts.protocol)}0`),
  'before STOP': (parts) => atEnd(parts, `${call(parts.protocol)}0`),
  'in the middle, popped': (parts) => amid(parts, `${call(parts.protocol)}0`),
  'in the middle, popped with its mark': (parts) => amid(parts, `(${call(parts.protocol)}1`),
  'as part of the result': (parts) => atEnd(parts, pair(parts, call(parts.protocol))),
  'instead of the result': (parts) => atEnd(parts, `0${call(parts.protocol)}`),
  'names out of the memo': (parts) => {
    const names = `${text(parts.protocol, 'os')}p800\n0${text(parts.protocol, 'system')}p801\n0`
    return atEnd(parts, `${names}g800\ng801\n\x93${one(parts.protocol, 'N')}R0`)
  },
  'a computed name': (parts) =>
    amid(parts, `${text(parts.protocol, 'os')}20${text(parts.protocol, 'system')}20\x93${one(parts.protocol, 'N')}R0`),
  'kept in the memo': (parts) => atEnd(parts, `${call(parts.protocol)}p800\n0g800\n0`),
  'over a memo entry': (parts) => amid(parts, `${call(parts.protocol)}p0\n0`),
  'by BUILD': (parts) => amid(parts, `${global(parts.protocol, 'os', 'system')}${text(parts.protocol, 'echo')}b0`),
  'by NEWOBJ': (parts) =>
    amid(
      parts,
      `${global(parts.protocol, 'subprocess', 'Popen')}${one(parts.protocol, text(parts.protocol, 'echo'))}\x810`,
    ),
  'by NEWOBJ_EX': (parts) => amid(parts, `${global(parts.protocol, 'subprocess', 'Popen')})}\x920`),
  'by INST': (parts) => amid(parts, `(${text(parts.protocol, 'echo')}ios\nsystem\n0`),
  'by OBJ': (parts) => amid(parts, `(${global(parts.protocol, 'os', 'system')}${text(parts.protocol, 'echo')}o0`),
  'by EXT1': (parts) => amid(parts, '\x82\x010'),
  'by EXT4': (parts) => amid(parts, `\x84${u32(70_000)}0`),
  'a persistent id': (parts) => amid(parts, 'Pecho\n0'),
  'a persistent id from the stack': (parts) => amid(parts, `${text(parts.protocol, 'echo')}Q0`),
  'a dotted name': (parts) => amid(parts, `${call(parts.protocol, 'collections', 'abc.sys.modules')}0`),
  'a call of what a call gave': (parts) =>
    amid(parts, `${call(parts.protocol, 'builtins', 'getattr')}${one(parts.protocol, 'N')}R0`),
  'an unknown class': (parts) => amid(parts, `${call(parts.protocol, 'acme.layers', 'Thing')}0`),
  'a listed function with other arguments': (parts) =>
    amid(
      parts,
      `${global(parts.protocol, '_codecs', 'encode')}(${text(parts.protocol, 'x')}${text(parts.protocol, 'zip')}tR0`,
    ),
  'a type as a function': (parts) => amid(parts, `${call(parts.protocol, 'numpy', 'ndarray')}0`),
  'the loader of pickles': (parts) => amid(parts, `${call(parts.protocol, 'pickle', 'loads')}0`),
  'in a buffer': (parts) => amid(parts, '\x970'),
  'another protocol in the middle': (parts) => amid(parts, '\x80\x05'),
  'a dormant stream in bytes': (parts) => {
    const dormant = `\x80\x02${call(2)}.`
    return atEnd(parts, pair(parts, `B${u32(dormant.length)}${dormant}`))
  },
  'bytes after STOP': (parts) => putTogether(parts, `${call(parts.protocol)}.`),
  'a second stream': (parts) => putTogether(parts, `\x80\x02${call(2)}.`),
  'a call and no STOP': ({ protocol, ops }) =>
    putTogether({ protocol, ops: [...ops, toBytes(call(protocol))] }).slice(0, -1),
  'a call and a broken opcode': (parts) => atEnd(parts, `${call(parts.protocol)}0\xff`),
  'a frame that cuts through a call': ({ protocol, ops }) =>
    join(`\x80${String.fromCharCode(Math.max(4, protocol))}`, frame(3), '\x8c\x20', call(2), '00000000', ...ops, '.'),
  'a frame in a frame': (parts) => amid(parts, frame(1)),
  'a frame beyond the end': (parts) => amid(parts, frame(100_000)),
}

/**
 * The listing: the first opcodes of a stream with their arguments, for a person.
 *
 * Small numbers and short plain texts are described from the bytes at hand; everything else by the walker of opcodes,
 * which has its own page.
 */
import { isFault } from '../../../base/index.ts'
import { PageReader } from '../../page-reader.ts'
import { describeArgument } from '../arguments.ts'
import { OPCODE_BY_BYTE, OPCODES } from '../opcodes.ts'
import { OpcodeStream } from '../opcode-stream.ts'
import type { Machine } from './machine.ts'

/** Opcodes that are listed; the others are counted. */
export const MOST_LISTED = 10_000

/** Bytes that stand for themselves between quotes. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c),
)
const LONGEST_PLAIN = 128
const U8 = new Set(['BININT1', 'BINPUT', 'BINGET', 'PROTO'])
/** How an argument is described at once: 0 there is none, 1 a byte, 2 a text with a length of one byte, 3 of four bytes, 4 otherwise. */
const WAYS = new Uint8Array(256)
for (const { code, name, form, kind } of OPCODES) {
  if (kind === 'none') WAYS[code] = 0
  else if (U8.has(name)) WAYS[code] = 1
  else if (kind === 'text' && (form === 'counted8' || form === 'counted32')) WAYS[code] = form === 'counted8' ? 2 : 3
  else WAYS[code] = 4
}

function describePlain(m: Machine, width: number): string | undefined {
  const { bytes, at } = m
  const from = at + width
  const length = bytes[at] ?? LONGEST_PLAIN
  const isShort = width === 1 || (bytes[at + 1] === 0 && bytes[at + 2] === 0 && bytes[at + 3] === 0)
  if (!isShort || length >= LONGEST_PLAIN || from + length > bytes.length) return undefined
  for (let i = from; i < from + length; i++) if (PLAIN[bytes[i] as number] === 0) return undefined
  return `"${bytes.toString('latin1', from, from + length)}"`
}

function describeSlowly(m: Machine): string | undefined {
  m.lister ??= new OpcodeStream(new PageReader(m.request.source))
  try {
    m.lister.cursor.seek(m.offset)
    m.lister.next()
    return describeArgument(m.lister)
  } catch (thrown) {
    if (!isFault(thrown) || !thrown.code.startsWith('pkl-')) throw thrown
    return undefined
  }
}

function describe(m: Machine): string | undefined {
  const way = WAYS[m.code] as number
  if (way === 0) return undefined
  if (way === 1) return String(m.bytes[m.at])
  return (way === 4 ? undefined : describePlain(m, way === 2 ? 1 : 4)) ?? describeSlowly(m)
}

/** Lists the opcode whose code was read and whose argument comes next. */
export function listOpcode(m: Machine): void {
  const name = OPCODE_BY_BYTE[m.code]?.name
  if (name === undefined) return
  const argument = describe(m)
  m.listed.push(argument === undefined ? { offset: m.offset, name } : { offset: m.offset, name, argument })
}

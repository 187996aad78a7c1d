/**
 * The listing: the first opcodes of a stream with their arguments, for a person.
 *
 * Small numbers and short plain texts are described from the bytes at hand; everything else by the walker of opcodes,
 * which has its own page.
 */
import { isFault } from '../../../base/index.ts'
import { PageReader } from '../../page-reader.ts'
import { describeArgument } from '../arguments.ts'
import { OPCODE_BY_BYTE } from '../opcodes.ts'
import { OpcodeStream } from '../opcode-stream.ts'
import type { Machine } from './machine.ts'

/** Opcodes that are listed; the others are counted. */
export const MOST_LISTED = 10_000

/** Bytes that stand for themselves between quotes. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c),
)
const LONGEST_PLAIN = 128
type Way = (m: Machine) => string | undefined

/** How the arguments of the commonest opcodes are described at once. */
const NUMBERS: ReadonlyMap<string, Way> = new Map<string, Way>([
  ...['BININT1', 'BINPUT', 'BINGET', 'PROTO'].map((name): [string, Way] => [name, ({ bytes, at }) => `${bytes[at]}`]),
  ['BININT2', ({ bytes, at }) => `${bytes.readUInt16LE(at)}`],
  ['BININT', ({ bytes, at }) => `${bytes.readInt32LE(at)}`],
  ['BINFLOAT', ({ bytes, at }) => `${bytes.readDoubleBE(at)}`],
  ...['LONG_BINPUT', 'LONG_BINGET'].map((name): [string, Way] => [
    name,
    ({ bytes, at }) => `${bytes.readUInt32LE(at)}`,
  ]),
])

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

/** How each opcode's argument is described; undefined where there is none. */
const WAYS: readonly (Way | undefined)[] = Array.from({ length: 256 }, (_, code) => {
  const { name, kind, form } = OPCODE_BY_BYTE[code] ?? { name: '', kind: 'none', form: 'none' }
  if (kind === 'none') return undefined
  if (kind !== 'text' || (form !== 'counted8' && form !== 'counted32')) return NUMBERS.get(name) ?? describeSlowly
  const width = form === 'counted8' ? 1 : 4
  return (m) => describePlain(m, width) ?? describeSlowly(m)
})

/** Lists the opcode whose code was read and whose argument comes next. */
export function listOpcode(m: Machine): void {
  const name = OPCODE_BY_BYTE[m.code]?.name
  if (name === undefined) return
  const argument = WAYS[m.code]?.(m)
  m.listed.push(argument === undefined ? { offset: m.offset, name } : { offset: m.offset, name, argument })
}

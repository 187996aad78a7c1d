/**
 * Holds `canonical.ts` and the checker's reading of constants to the tables of `pickle-forms.ts`.
 *
 * Shared by the unit test and by the mutation tests, so that a mutant dies of what the unit test knows.
 */
import { Budget } from '../formats/budget.ts'
import { memorySource } from '../formats/memory-source.ts'
import { PageReader } from '../formats/page-reader.ts'
import { isCanonical, isCanonicalLine, isShortestLong } from '../formats/pickle/canonical.ts'
import { constantOf, lineNumber } from '../formats/pickle/checker/constants.ts'
import { Decoder } from '../formats/pickle/checker/decode.ts'
import { Refusal } from '../formats/pickle/checker/refusal.ts'
import { OpcodeStream } from '../formats/pickle/opcode-stream.ts'
import { LINE_FORMS } from './pickle-forms.ts'
import { LONG_FORMS, UTF8_FORMS } from './pickle-payloads.ts'
import { stream } from './pickles.ts'

type Judged = readonly [what: string, holds: boolean, expected: boolean]

function u32(value: number): readonly number[] {
  return [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24]
}

/** Arguments about as long as is looked at, 4096 bytes, and whether the opcode counts as canonical. */
export const LIMITS: readonly (readonly [what: string, bytes: Uint8Array, expected: boolean])[] = [
  ['an INT of 4096', stream('I', '1'.repeat(4096), '\n'), true],
  ['an INT of 4097', stream('I', '1'.repeat(4097), '\n'), false],
  ['a STRING of 4096 with an escape of its own', stream('S', `'\\a${'b'.repeat(4092)}'`, '\n'), false],
  ['a STRING of 4097, not looked at', stream('S', `'\\a${'b'.repeat(4093)}'`, '\n'), true],
  ['a UNICODE of 4097, not looked at', stream('V', `\\a${'b'.repeat(4095)}`, '\n'), true],
  ['a text of 4096 that is not UTF-8', stream('X', u32(4096), 'a'.repeat(4095), [0xff]), false],
  ['a text of 4097, not looked at', stream('X', u32(4097), 'a'.repeat(4096), [0xff]), true],
  ['a text of 4096', stream('X', u32(4096), 'a'.repeat(4094), [0xc3, 0xa9]), true],
  ['bytes that are not UTF-8', stream('C', [1, 0xff]), true],
  ['a native string that is not UTF-8', stream('U', [1, 0xff]), true],
  ['a LONG4 of 255', stream([0x8b], u32(255), Buffer.alloc(255, 1)), false],
  ['a LONG4 of 256', stream([0x8b], u32(256), Buffer.alloc(256, 1)), true],
  ['a LONG4 of 256 with a surplus byte', stream([0x8b], u32(256), Buffer.alloc(255, 1), [0]), false],
  ['a LONG4 of 4096 with a surplus byte', stream([0x8b], u32(4096), Buffer.alloc(4095, 1), [0]), false],
  ['a LONG4 of 4097, not looked at', stream([0x8b], u32(4097), Buffer.alloc(4096, 1), [0]), true],
  ['a LONG4 of 4097 whose 4096th byte is zero', stream([0x8b], u32(4097), Buffer.alloc(4095, 1), [0, 1]), true],
  ['a LONG1 with a surplus byte', stream([0x8a, 2, 1, 0]), false],
  ['a LONG1', stream([0x8a, 2, 1, 1]), true],
  ['an opcode without argument', stream('N'), true],
]

function isTaken(bytes: Uint8Array): boolean {
  const opcodes = new OpcodeStream(new PageReader(memorySource(bytes, new Budget())))
  if (!isCanonical(opcodes)) return false
  opcodes.next()
  return isCanonical(opcodes)
}

function checkerTakes(bytes: Uint8Array): boolean {
  const decoder = new Decoder(bytes)
  const opcode = decoder.next()
  try {
    if (/^[GP]UT|^GET/.test(opcode.name)) lineNumber(decoder, opcode)
    else constantOf(decoder, opcode)
    return true
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown
    return false
  }
}

function judgeLine(opcode: (typeof LINE_FORMS)[number], line: string, expected: boolean): readonly Judged[] {
  const bytes = stream(opcode.character, Buffer.from(line, 'latin1'), '\n')
  const what = `${opcode.opcode} ${JSON.stringify(line)}`
  return [
    [`the line of ${what}`, isCanonicalLine(opcode.opcode, line), expected],
    [`the opcode ${what}`, isTaken(bytes), expected],
    [`the checker of ${what}`, checkerTakes(bytes), expected],
  ]
}

function judgeAll(): readonly Judged[] {
  const lines = LINE_FORMS.flatMap((forms) => [
    ...forms.canonical.flatMap((line) => judgeLine(forms, line, true)),
    ...forms.other.flatMap((line) => judgeLine(forms, line, false)),
  ])
  const longs = LONG_FORMS.flatMap(([bytes, shortest]): readonly Judged[] => [
    [`the long ${bytes.join()}`, isShortestLong(Uint8Array.from(bytes), bytes.length, 1), shortest],
    [`the checker of the long ${bytes.join()}`, checkerTakes(stream([0x8a, bytes.length], bytes)), shortest],
  ])
  const texts = UTF8_FORMS.flatMap(([bytes, holds]): readonly Judged[] => [
    [`the text ${bytes.join()}`, isTaken(stream('X', u32(bytes.length), bytes)), holds],
    [`the checker of the text ${bytes.join()}`, checkerTakes(stream('X', u32(bytes.length), bytes)), holds],
  ])
  const limits = LIMITS.map(([what, bytes, expected]): Judged => [what, isTaken(bytes), expected])
  return [...lines, ...longs, ...texts, ...limits, ['a line of GLOBAL', isCanonicalLine('GLOBAL', '1 _'), true]]
}

/** What of the tables is judged otherwise than they say. */
export function differingForms(): readonly string[] {
  return judgeAll()
    .filter(([, holds, expected]) => holds !== expected)
    .map(([what, holds]) => `${what}: ${holds ? 'taken' : 'refused'}`)
}

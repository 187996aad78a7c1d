/**
 * Opcodes that push constants, and the value that the checker makes of each, or the reason why it makes none; and calls
 * under signatures that no policy has.
 */
import { Calls } from '../formats/pickle/checker/calls.ts'
import { constantOf } from '../formats/pickle/checker/constants.ts'
import { Decoder } from '../formats/pickle/checker/decode.ts'
import { Refusal } from '../formats/pickle/checker/refusal.ts'
import type { Value } from '../formats/pickle/checker/values.ts'
import type { Signature } from '../formats/pickle/policy/signature.ts'
import { stream } from './pickles.ts'
import { box, bytes, globalOf, int, ints, made, native, NONE, str } from './pickle-values.ts'

type Row = readonly [wanted: Value | string | undefined, ...parts: readonly (string | readonly number[])[]]

const SURPLUS = 'a long has surplus bytes'
const [NEEDLESS, OWN] = ['a text has an escape that it does not need', 'a text has an escape of its own']
const [FLOAT, FALSE, TRUE]: readonly Value[] = [{ is: 'float' }, { is: 'bool', value: 0 }, { is: 'bool', value: 1 }]
const RAW = 'a string is not canonical'
const BIG = int(Number.NaN)

function long(length: number, ...last: readonly number[]): readonly number[] {
  return [...Array<number>(length - last.length).fill(1), ...last]
}

const NUMBERS: readonly Row[] = [
  [NONE, 'N'],
  [TRUE, [0x88]],
  [FALSE, [0x89]],
  [int(200), 'K', [200]],
  [int(513), 'M', [1, 2]],
  [int(-2), 'J', [254, 255, 255, 255]],
  [int(513), 'J', [1, 2, 0, 0]],
  [FLOAT, 'G', [0, 0, 0, 0, 0, 0, 0, 0]],
  [FALSE, 'I00\n'],
  [TRUE, 'I01\n'],
  [int(0), 'I0\n'],
  [int(1), 'I1\n'],
  [int(-10), 'I-10\n'],
  [int(101), 'I101\n'],
  [int(100), 'I100\n'],
  [int(9_007_199_254_740_991), 'I9007199254740991\n'],
  [BIG, 'I9007199254740992\n'],
  ['02 is no canonical argument of INT', 'I02\n'],
  ['011 is no canonical argument of INT', 'I011\n'],
  ['-0 is no canonical argument of INT', 'I-0\n'],
  [`${'x'.repeat(40)} is no canonical argument of INT`, `I${'x'.repeat(41)}\n`],
  [int(12), 'L12L\n'],
  [int(1), 'L1L\n'],
  ['01L is no canonical argument of LONG', 'L01L\n'],
  [FLOAT, 'F0.5\n'],
  [FLOAT, 'F1e-05\n'],
  [FLOAT, 'Finf\n'],
  ['.5 is no canonical argument of FLOAT', 'F.5\n'],
  [int(0), [0x8a, 0]],
  [int(255), [0x8a, 2, 255, 0]],
  [int(-1), [0x8a, 1, 255]],
  [int(-256), [0x8a, 2, 0, 255]],
  [SURPLUS, [0x8a, 1, 0]],
  [SURPLUS, [0x8a, 2, 1, 0]],
  [SURPLUS, [0x8a, 2, 255, 255]],
  [SURPLUS, [0x8a, 2, 128, 255]],
  [int(0x0101_0101_0101), [0x8a, 6, ...long(6)]],
  [BIG, [0x8a, 7, ...long(7)]],
  [BIG, [0x8b, 0, 1, 0, 0, ...long(256)]],
  [SURPLUS, [0x8b, 0, 1, 0, 0, ...long(256, 0)]],
  [SURPLUS, [0x8b, 255, 0, 0, 0, ...long(255)]],
  [undefined, ']'],
  [undefined, 'g1\n'],
]

const TEXTS: readonly Row[] = [
  [str('ab'), 'Vab\n'],
  [str('\u00e9'), 'V\u00e9\n'],
  [str('\u0100\n\\'), 'V\\u0100\\u000a\\u005c\n'],
  [str('\0\r\x1a'), 'V\\u0000\\u000d\\u001a\n'],
  [str('\u{10000}\u{10ffff}a'), 'V\\U00010000\\U0010ffffa\n'],
  [str('\u01000041'), 'V\\u01000041\n'],
  [NEEDLESS, 'V\\u0041\n'],
  [NEEDLESS, 'V\\u00ff\n'],
  [NEEDLESS, 'V\\U0000ffff\n'],
  [NEEDLESS, 'V\\U00110000\n'],
  [OWN, 'V\\u01\n'],
  [OWN, 'V\\x41\n'],
  [OWN, 'V\\U01000000\n'],
  [native('ab'), "S'ab'\n"],
  [native("a'b"), 'S"a\'b"\n'],
  [native('\n\r\t\\\'"'), "S'\\n\\r\\t\\\\\\'\\\"'\n"],
  [native('\x00A\x7f.'), "S'\\x00\\x41\\x7f.'\n"],
  [native('n1'), "S'n1'\n"],
  [native(''), "S''\n"],
  [RAW, "S'a\n"],
  [RAW, "Sa'\n"],
  [RAW, "S'a'b'\n"],
  [RAW, "S'\\q'\n"],
  [RAW, "S'\\xa'\n"],
  [RAW, "S'a'b\n"],
  [RAW, "Sb'a'\n"],
  [RAW, 'S\'a"\n'],
  ['a string of Python 2 is not ASCII', "S'\\x80'\n"],
  ['a string of Python 2 is not ASCII', 'U', [1, 128]],
  [native('a\x7f'), 'U', [2], 'a\x7f'],
  [native('a'), 'T', [1, 0, 0, 0], 'a'],
  [str('\u00e9'), 'X', [2, 0, 0, 0, 0xc3, 0xa9]],
  [str('\ufeffa'), [0x8c, 4, 0xef, 0xbb, 0xbf], 'a'],
  [str('a'), [0x8d, 1, 0, 0, 0, 0, 0, 0, 0], 'a'],
  ['the text at 2 is not UTF-8', [0x8c, 1, 0xc3]],
  [bytes(2), 'C', [2], 'ab'],
  [bytes(2), 'B', [2, 0, 0, 0], 'ab'],
  [bytes(2), [0x8e, 2, 0, 0, 0, 0, 0, 0, 0], 'ab'],
  [{ is: 'bytearray', length: 2 }, [0x96, 2, 0, 0, 0, 0, 0, 0, 0], 'ab'],
]

const SIGNATURES: Readonly<Record<string, Partial<Signature>>> = {
  first: { reduce: '(any?)', result: '#0' },
  text: { reduce: '(any?)', result: 'latin1' },
  empty: { reduce: '()', result: 'bytes' },
  named: { reduce: '()', result: 'a.b.C' },
  plain: { reduce: 'any', newobj: '()' },
  scalar: { reduce: '()', check: 'scalar' },
  buffer: { reduce: '()', check: 'frombuffer' },
  tensor: { reduce: '()', check: 'tensor' },
  rebuild: { reduce: '(any*)', check: 'rebuild' },
  type: { reduce: '(any*)', check: 'dtype' },
  drawn: { state: 'any', stateCheck: 'distribution' },
  array: { state: 'any', stateCheck: 'array' },
  typed: { state: 'any', stateCheck: 'dtype' },
  wrapped: { state: 'any', stateCheck: 'joblib' },
  open: { state: 'any' },
}

type CallRow = readonly [wanted: unknown, judge: (calls: Calls) => unknown]

function reduce(name: string, ...args: Value[]): (calls: Calls) => unknown {
  return (calls) => calls.call('REDUCE', globalOf(`m.${name}`), box('tuple', ...args))
}

function build(name: string, state: Value): (calls: Calls) => unknown {
  return (calls) => calls.build(made(`m.${name}`), state)
}

const LATIN = 'a text that is not of Latin-1'
const CALLED: readonly CallRow[] = [
  [made('a.C'), reduce('first', globalOf('a.C'))],
  ['a result of no class', reduce('first', NONE)],
  ['a result of no class', reduce('first')],
  [bytes(2), reduce('text', str('\u00ff\0'))],
  [LATIN, reduce('text', str('a\u0100'))],
  [LATIN, reduce('text', str('\u0100a'))],
  [LATIN, reduce('text', NONE)],
  [LATIN, reduce('text')],
  [bytes(0), reduce('empty')],
  [made('a.b.C'), reduce('named')],
  [made('m.plain'), reduce('plain')],
  ['REDUCE of m.none is outside its signature', reduce('none')],
  ['REDUCE of m.drawn is outside its signature', reduce('drawn')],
  ['NEWOBJ of m.plain is outside its signature', (calls) => calls.call('NEWOBJ', globalOf('m.plain'), ints(1))],
  ['REDUCE of no global or with no tuple', (calls) => calls.call('REDUCE', undefined, ints())],
  ['REDUCE of no global or with no tuple', (calls) => calls.call('REDUCE', globalOf('m.plain'), undefined)],
  ['REDUCE of no global or with no tuple', (calls) => calls.call('REDUCE', made('m.plain'), ints())],
  ['REDUCE of no global or with no tuple', (calls) => calls.call('REDUCE', globalOf('m.plain'), box('list'))],
  ['an element type is not known', reduce('scalar')],
  ['something is no tuple', reduce('buffer')],
  ['a tensor without a storage', reduce('tensor')],
  [made('m.rebuild'), reduce('rebuild', globalOf('m.plain'), NONE, ints(1))],
  ['REDUCE of m.empty is outside its signature', reduce('rebuild', globalOf('m.empty'), NONE, ints(1))],
  ['REDUCE of no global or with no tuple', reduce('rebuild')],
  [made('m.type', { dtype: { code: 'f4', size: 4, objects: false } }), reduce('type', str('f4'))],
  ['a state is no dict', build('drawn', NONE)],
  ['something is no tuple', build('array', box('dict'))],
  ['an element type is not known', build('typed', ints())],
  [true, build('wrapped', NONE)],
  [false, build('open', NONE)],
  ['the state of m.plain is outside its signature', build('plain', NONE)],
  ['the state of m.none is outside its signature', build('none', NONE)],
  [made('numpy.ndarray'), (calls) => calls.array()],
  [globalOf('m.open'), (calls) => calls.name('m', 'open')],
  ['no policy lists m.none', (calls) => calls.name('m', 'none')],
  [false, (calls) => calls.isHashable(made('m.none'))],
]

function tryOf(judge: () => unknown): unknown {
  try {
    return judge()
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown
    return thrown.message
  }
}

/** JSON, but for numbers that it does not know. */
function show(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => (Number.isNaN(each) ? 'NaN' : each)) ?? 'undefined'
}

function read(row: readonly (string | readonly number[])[]): Value | undefined {
  const decoder = new Decoder(stream(...row))
  return constantOf(decoder, decoder.next())
}

/** What is read otherwise than it should be. */
export function differingConstants(): readonly string[] {
  return [...NUMBERS, ...TEXTS].flatMap(([wanted, ...parts]) => {
    const [given, expected] = [show(tryOf(() => read(parts))), show(wanted)]
    return given === expected ? [] : [`${show(parts)}: ${given} instead of ${expected}`]
  })
}

/** What is called otherwise than it should be. */
export function differingCalls(): readonly string[] {
  const signatures = new Map(
    Object.entries(SIGNATURES).map(([name, signature]) => [`m ${name}`, signature as Signature] as const),
  )
  return CALLED.flatMap(([wanted, judge], i) => {
    const [given, expected] = [show(tryOf(() => judge(new Calls(signatures, false)))), show(wanted)]
    return given === expected ? [] : [`call ${i}: ${given} instead of ${expected}`]
  })
}

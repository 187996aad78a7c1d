/**
 * Changes to streams: those of a fuzzer (bits, lengths, indices) and those of an attacker (names, frames, hidden calls).
 */
import { OPCODES, type OpcodeName } from '../../src/formats/pickle/opcodes.ts'
import { HOSTILE, REBUILDING, STRANGE } from './globals.ts'
import { bytesOf, op, opcodeOf, u, type Op } from './ops.ts'
import type { Random } from './random.ts'

type OpChange = (ops: Op[], random: Random) => void
type ByteChange = (bytes: Uint8Array, random: Random) => Uint8Array

const BARE = OPCODES.filter(({ form }) => form === 'none').map(({ name }) => name)
const BOUNDARIES = [0, 1, 2, 127, 128, 255, 256, 257, 65535, 65536, 0x7fffffff, 0x80000000, 0xffffffff]

function replace(ops: Op[], at: number, ...by: Op[]): void {
  ops.splice(at, 1, ...by)
}

function positionsOf(ops: readonly Op[], test: (name: OpcodeName) => boolean): number[] {
  return ops.flatMap(({ name }, i) => (test(name) ? [i] : []))
}

function changeMemoIndex(ops: Op[], random: Random): void {
  const at = random.pick(positionsOf(ops, (name) => opcodeOf(name).kind === 'memo'))
  const old = ops[at]
  if (old === undefined) return
  const index = random.pick([0, 1, 2, 3, 7, 255, 256, 4096, -1])
  if (opcodeOf(old.name).form === 'line')
    replace(
      ops,
      at,
      op(
        old.name,
        random.pick([`${index}\n`, `+${Math.abs(index)}\n`, ` ${index}\n`, `0${index}\n`, `1_0\n`, `${index}\r\n`]),
      ),
    )
  else replace(ops, at, op(old.name, u(Math.abs(index), old.argument.length)))
}

function swapForm(ops: Op[], random: Random): void {
  const at = random.int(ops.length)
  const old = ops[at]
  if (old === undefined) return
  const { form } = opcodeOf(old.name)
  const alike = OPCODES.filter((each) => each.form === form && each.name !== 'STOP')
  if (alike.length > 0) replace(ops, at, op(random.pick(alike).name, old.argument))
}

const NUMBER_FORMS = [
  '1_0',
  ' 1',
  '1 ',
  '+1',
  '-0',
  '00',
  '01',
  '1L',
  '0x1',
  '',
  '1.0',
  'inf',
  '-inf',
  'nan',
  '1e5',
  '1e400',
  '١',
  '1\r',
  '1\0',
  '--1',
  '9'.repeat(40),
]
const STRING_FORMS = [
  "'a'",
  '"a"',
  "'a",
  'a',
  "'\\x41'",
  "'\\101'",
  "'\\'",
  "'a''b'",
  '"a\'',
  "  'a'  ",
  "'a'\r",
  "u'a'",
  "'\xe9'",
  "'\\u0041'",
  "''",
]

function changeLine(ops: Op[], random: Random): void {
  const at = random.pick(positionsOf(ops, (name) => opcodeOf(name).form === 'line'))
  const old = ops[at]
  if (old === undefined) return
  const forms =
    old.name === 'STRING'
      ? STRING_FORMS
      : old.name === 'UNICODE'
        ? ['\\u0041', '\\', '\\U00110000', '\\ud800', 'a\\', '\xff', 'a\r']
        : NUMBER_FORMS
  replace(
    ops,
    at,
    op(
      old.name,
      Buffer.concat([Buffer.from(random.pick(forms), random.oneIn(2) ? 'utf8' : 'latin1'), Uint8Array.of(10)]),
    ),
  )
}

function changeName(ops: Op[], random: Random): void {
  const at = random.pick(positionsOf(ops, (name) => name === 'GLOBAL' || name === 'INST' || name === 'STACK_GLOBAL'))
  const old = ops[at]
  if (old === undefined) return
  const [module, name] = random.pick(random.pick([HOSTILE, REBUILDING, STRANGE]))
  if (old.name !== 'STACK_GLOBAL') return replace(ops, at, op(old.name, `${module}\n${name}\n`))
  const text = (value: string): Op =>
    op('BINUNICODE', Buffer.concat([u(Buffer.byteLength(value), 4), Buffer.from(value)]))
  replace(
    ops,
    at,
    op('POP'),
    op('POP'),
    text(module),
    text(name),
    ...(random.oneIn(3) ? [op('DUP'), op('POP')] : []),
    old,
  )
}

function insertOp(ops: Op[], random: Random): void {
  const name = random.pick(BARE)
  ops.splice(random.int(ops.length + 1), 0, op(name))
}

function insertOdd(ops: Op[], random: Random): void {
  const odd = random.pick([
    op('PROTO', u(random.pick([0, 1, 2, 3, 4, 5, 6, 255]), 1)),
    op('EXT1', u(1, 1)),
    op('EXT4', u(0, 4)),
    op('PERSID', 'x\n'),
    op('FRAME', u(random.pick([0, 1, 4, 10, 1000]), 8)),
    op('STOP'),
    op('GLOBAL', 'os\nsystem\n'),
    op('BINGET', u(random.int(4), 1)),
    op('BINPUT', u(random.int(4), 1)),
    op('MARK'),
    op('STRING', "'os'\n"),
    op('LONG1', Uint8Array.of(2, 1, 0)),
  ])
  ops.splice(random.int(ops.length + 1), 0, odd)
}

/** An attacker's: a call that leaves the stack as it was, anywhere. */
function hideCall(ops: Op[], random: Random): void {
  const [module, name] = random.pick(HOSTILE)
  const call = [op('GLOBAL', `${module}\n${name}\n`), op('MARK'), op('BININT1', u(1, 1)), op('TUPLE'), op('REDUCE')]
  const end = random.pick([[op('POP')], [op('BINPUT', u(200, 1)), op('POP')], [op('MARK'), op('POP_MARK'), op('POP')]])
  ops.splice(random.int(ops.length), 0, ...call, ...end)
}

function shuffleNeighbours(ops: Op[], random: Random): void {
  const at = random.int(ops.length - 1)
  const [first, second] = [ops[at], ops[at + 1]]
  if (first !== undefined && second !== undefined) ops.splice(at, 2, second, first)
}

function dropOp(ops: Op[], random: Random): void {
  ops.splice(random.int(ops.length), 1)
}

function repeatOps(ops: Op[], random: Random): void {
  const from = random.int(ops.length)
  ops.splice(from, 0, ...ops.slice(from, from + 1 + random.int(4)))
}

function changeNumber(ops: Op[], random: Random): void {
  const at = random.pick(positionsOf(ops, (name) => ['u8', 'u16', 'u32', 'i32'].includes(opcodeOf(name).form)))
  const old = ops[at]
  // A memo of 2^31 objects is refused by some interpreters and allocated by others; that is no question of meaning.
  const values =
    old !== undefined && opcodeOf(old.name).kind === 'memo' ? BOUNDARIES.filter((each) => each <= 65536) : BOUNDARIES
  if (old !== undefined) replace(ops, at, op(old.name, u(random.pick(values), old.argument.length)))
}

const OP_CHANGES: readonly OpChange[] = [
  changeMemoIndex,
  swapForm,
  changeLine,
  changeName,
  insertOp,
  insertOdd,
  hideCall,
  shuffleNeighbours,
  dropOp,
  repeatOps,
  changeNumber,
]

/** Puts bytes in the place of some. */
function splice(bytes: Uint8Array, [at, drop]: readonly [number, number], add: readonly number[]): Uint8Array {
  return Buffer.concat([bytes.subarray(0, at), Uint8Array.from(add), bytes.subarray(at + drop)])
}

const TAILS = [[0], [46], [10], [0x80, 2, 0x4e, 0x2e], [...Buffer.from('cos\nsystem\n.')]]

const BYTE_CHANGES: readonly ByteChange[] = [
  (bytes, random) => {
    const at = random.int(bytes.length)
    return splice(bytes, [at, 1], [(bytes[at] ?? 0) ^ (1 << random.int(8))])
  },
  (bytes, random) => splice(bytes, [random.int(bytes.length), 1], [random.int(256)]),
  (bytes, random) => splice(bytes, [random.int(bytes.length), 1 + random.int(3)], []),
  (bytes, random) => splice(bytes, [random.int(bytes.length), 0], [random.int(256)]),
  (bytes, random) => bytes.subarray(0, random.int(bytes.length)),
  (bytes, random) => {
    const at = random.int(bytes.length)
    return splice(bytes, [at, 1], [((bytes[at] ?? 0) + random.pick([1, 255])) & 255])
  },
  (bytes, random) => splice(bytes, [bytes.length, 0], random.pick(TAILS)),
  (bytes) => Buffer.concat([bytes, bytes]),
  (bytes, random) => {
    const frame = bytesOf(op('FRAME', u(random.int(bytes.length), 8)))
    return splice(bytes, [random.int(bytes.length), 0], [...frame])
  },
]

/** Changes the opcodes of a stream in place. */
export function mutateOps(ops: Op[], random: Random): void {
  if (ops.length > 1) random.pick(OP_CHANGES)(ops, random)
}

/** Changes the bytes of a stream. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  return bytes.length < 2 ? bytes : random.pick(BYTE_CHANGES)(bytes, random)
}

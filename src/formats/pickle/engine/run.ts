/**
 * The loop: one opcode after the other, with protocol and frames held to the one form that all unpicklers read alike.
 *
 * A frame that cuts through an opcode is read in one way by CPython's `loads`, in another by its `Unpickler(file)`
 * and refused by its Python implementation (cpython issue 154848): what the stream does then depends on who reads it.
 * Source: PEP 3154 for frames; `Lib/pickle.py` for PROTO.
 */
import { Fault } from '../../../base/index.ts'
import { OPCODES, type OpcodeName } from '../opcodes.ts'
import { ATOMS, readUnsigned, type Handler } from './atoms.ts'
import { CALLS } from './calls.ts'
import { CONTAINERS } from './containers.ts'
import { listOpcode, MOST_LISTED } from './list-opcodes.ts'
import type { Machine } from './machine.ts'
import { NAMING } from './naming.ts'
import { STACK_MOVES } from './stack-moves.ts'

const HIGHEST = 5
const STOP = 0x2e
const PROTO = 0x80
const FRAME = 0x95
/** Opcodes for one item of the budget. */
const OPS_AN_ITEM = 64
const FIXED: Readonly<Record<string, number>> = {
  u8: 1,
  u16: 2,
  u32: 4,
  i32: 4,
  u64: 8,
  f64be: 8,
  counted8: 1,
  counted32: 4,
  'signed-counted32': 4,
  counted64: 8,
}
/** Opcodes after which the strings that were pushed directly before still count as such. */
const KEEPING: ReadonlySet<OpcodeName> = new Set<OpcodeName>([
  'UNICODE',
  'SHORT_BINUNICODE',
  'BINUNICODE',
  'BINUNICODE8',
  'STRING',
  'PUT',
  'BINPUT',
  'LONG_BINPUT',
  'MEMOIZE',
  'GET',
  'BINGET',
  'LONG_BINGET',
  'PROTO',
  'FRAME',
])

function proto(m: Machine): void {
  const version = readUnsigned(m, 1)
  if (m.count > 0) m.misform('pkl-proto', `PROTO at ${m.offset} is not the first opcode`)
  else if (version < 2 || version > HIGHEST)
    m.misform('pkl-proto', `PROTO declares protocol ${version}; 2 to ${HIGHEST} are declared`)
  m.protocol = version
  m.newest = Math.max(1, version)
}

function frame(m: Machine): void {
  const length = readUnsigned(m, 8)
  const nested = m.frameEnd > m.offset
  const left = m.to - m.position
  m.frameEnd = m.position + length
  if (nested) m.misform('pkl-frame', `FRAME at ${m.offset} stands inside another frame`)
  if (length > left) m.misform('pkl-frame', `FRAME at ${m.offset} declares ${length} bytes; ${left} are left`)
}

const HANDLERS: readonly Handler[] = (() => {
  const handlers = new Map<OpcodeName, Handler>([
    ...ATOMS,
    ...STACK_MOVES,
    ...CONTAINERS,
    ...NAMING,
    ...CALLS,
    ['PROTO', proto],
    ['FRAME', frame],
    ['STOP', () => {}],
  ])
  const unknown: Handler = (m) => {
    throw new Fault('pkl-unknown-opcode', `byte ${m.code} at ${m.offset} is no opcode`)
  }
  const table = Array.from({ length: 256 }, () => unknown)
  for (const { code, name } of OPCODES) table[code] = handlers.get(name) ?? unknown
  return table
})()

const NEEDED = new Uint8Array(256)
/** The protocol of each opcode, and whether strings that were pushed directly before it still count as such. */
const PROTOCOLS = new Uint8Array(256)
const KEEPS = new Uint8Array(256)
for (const { code, name, form, protocol } of OPCODES) {
  NEEDED[code] = FIXED[form] ?? 0
  KEEPS[code] = Number(KEEPING.has(name))
  PROTOCOLS[code] = Math.max(protocol, 1)
}

/** An opcode that reaches over the end of its frame, or one newer than the protocol that the stream declares. */
function checkFrame(m: Machine): void {
  const { offset, position, frameEnd } = m
  if (m.code === FRAME) return
  if (offset >= frameEnd) m.frameEnd = -1
  else if (position > frameEnd) {
    m.frameEnd = -1
    m.misform('pkl-frame', `${m.name} at ${offset} reaches over the end of its frame at ${frameEnd}`)
  } else if (m.code === STOP && position < frameEnd)
    m.misform('pkl-frame', `STOP at ${offset} stands before the end of its frame at ${frameEnd}`)
}

function noteNewer(m: Machine): void {
  if (m.code === PROTO) return
  m.newest = HIGHEST
  const declared = m.protocol === 0 ? '0 or 1' : m.protocol
  const { name, offset } = m
  m.misform('pkl-proto', `${name} of protocol ${PROTOCOLS[m.code]} at ${offset} in a stream of protocol ${declared}`)
}

/** Reads the code of the next opcode and makes its argument of a fixed size resident. */
function fetch(m: Machine): number {
  m.offset = m.base + m.at
  if (m.at >= m.bytes.length) m.fill(1)
  const code = m.bytes[m.at] as number
  const needed = NEEDED[code] as number
  m.code = code
  m.at += 1
  if (m.at + needed > m.bytes.length) m.fill(needed)
  return code
}

function execute(m: Machine, code: number): void {
  ;(HANDLERS[code] as Handler)(m)
  if (KEEPS[code] === 0) m.direct = 0
  if (m.frameEnd >= 0) checkFrame(m)
  if ((PROTOCOLS[code] as number) > m.newest) noteNewer(m)
}

/** Runs a stream to its STOP. @throws Fault whose code is an anomaly's where the stream breaks; `budget-…` */
export function runStream(m: Machine): void {
  const { budget } = m.request
  while (m.code !== STOP && m.count < MOST_LISTED) {
    if (m.count % OPS_AN_ITEM === 0) budget.spendItems(1)
    const code = fetch(m)
    listOpcode(m)
    execute(m, code)
    m.count += 1
  }
  while (m.code !== STOP) {
    budget.spendItems(1)
    for (let i = 0; i < OPS_AN_ITEM && m.code !== STOP; i++) {
      execute(m, fetch(m))
      m.count += 1
    }
  }
  finish(m)
}

/** At STOP one value is left and no mark is open. */
function finish(m: Machine): void {
  m.count -= 1
  if (m.marks.length > 0) {
    m.note('pkl-stack', `${m.marks.length} marks are open at STOP`)
    m.fail('the stack', 'marks are open at STOP')
  }
  if (m.stack.length !== 1) {
    m.note('pkl-stack', `${m.stack.length} values are on the stack at STOP`)
    m.fail('the stack', 'STOP leaves other than one value')
  }
  m.count += 1
}

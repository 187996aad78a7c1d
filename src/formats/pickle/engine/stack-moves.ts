/**
 * Opcodes that only move values: marks, duplicates, the memo.
 */
import type { OpcodeName } from '../opcodes.ts'
import { readUnsigned, type Handler } from './atoms.ts'
import { isCanonicalLine } from '../canonical.ts'
import type { Machine } from './machine.ts'
import { latin1 } from './texts.ts'
import { STR, TOP } from './values.ts'

/** A number this far beyond the opcodes read so far was not given by a pickler. */
const MOST_AHEAD = 65_536
const LONGEST_INDEX = 20

function put(m: Machine, index: number, before: number): void {
  m.direct = before
  if (index > MOST_AHEAD + 64 * m.count)
    m.misform('pkl-expansion', `${m.name} at ${m.offset} stores under the number ${index}, for which memory is wanted`)
  if (!m.has(1)) return
  const top = m.stack.length - 1
  const stored = m.memo.store(index, m.stack.kind(top), m.stack.load(top))
  if (stored === 'full') m.fail('the memo', 'more values are memoised than are followed')
  if (stored === 'other') m.misform('pkl-memo', `${m.name} at ${m.offset} stores under ${index} for the second time`)
}

function get(m: Machine, index: number, before: number): void {
  if (!m.memo.find(index)) {
    m.note('pkl-stack', `${m.name} at ${m.offset} fetches ${index}, which was not stored`)
    m.fail('the memo', 'a value is fetched that was not stored')
    m.direct = 0
    return m.push(TOP, 0)
  }
  m.gets += 1
  const { kind, load } = m.memo
  m.push(kind, load)
  m.direct = kind === STR ? Math.min(2, before + 1) : 0
}

function lineIndex(m: Machine, name: OpcodeName): number {
  const from = m.position
  const length = m.passLine() - from
  const line = latin1(m.read(from, Math.min(length, LONGEST_INDEX)))
  if (length > LONGEST_INDEX || !isCanonicalLine(name, line))
    m.misform('pkl-number', `the argument of ${name} at ${m.offset} is not in canonical form`)
  const index = Number(line)
  return Number.isSafeInteger(index) && index >= 0 ? index : Number.MAX_SAFE_INTEGER
}

function pop(m: Machine): void {
  if (m.stack.length > m.fence) m.stack.length -= 1
  else if (m.marks.length > 0) m.unmark()
  else m.has(1)
}

function duplicate(m: Machine): void {
  if (!m.has(1)) return m.push(TOP, 0)
  m.gets += 1
  const top = m.stack.length - 1
  m.push(m.stack.kind(top), m.stack.load(top))
}

function withIndex(move: (m: Machine, index: number, before: number) => void, width: number): Handler {
  return (m) => {
    const before = m.direct
    move(m, readUnsigned(m, width), before)
  }
}

function withLine(move: (m: Machine, index: number, before: number) => void, name: OpcodeName): Handler {
  return (m) => {
    const before = m.direct
    move(m, lineIndex(m, name), before)
  }
}

/** Handlers by the name of the opcode. */
export const STACK_MOVES: readonly (readonly [OpcodeName, Handler])[] = [
  ['MARK', (m) => m.mark()],
  ['POP', pop],
  ['POP_MARK', (m) => void (m.stack.length = m.unmark())],
  ['DUP', duplicate],
  ['BINPUT', withIndex(put, 1)],
  ['LONG_BINPUT', withIndex(put, 4)],
  ['PUT', withLine(put, 'PUT')],
  ['MEMOIZE', (m) => put(m, m.memo.count, m.direct)],
  ['BINGET', withIndex(get, 1)],
  ['LONG_BINGET', withIndex(get, 4)],
  ['GET', withLine(get, 'GET')],
]

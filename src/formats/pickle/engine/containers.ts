/**
 * Opcodes that make containers and fill them.
 *
 * What is filled must be of the exact kind: CPython's C and Python unpicklers take different ways with anything else,
 * and a stand-in for a dict is how torch's restricted loader was broken (CVE-2026-24747).
 */
import type { OpcodeName } from '../opcodes.ts'
import type { Handler } from './atoms.ts'
import type { Machine } from './machine.ts'
import {
  BYTEARRAY,
  detailOf,
  DICT,
  FROZENSET,
  INST,
  KIND_NAMES,
  kindOf,
  LIST,
  SET,
  TOP,
  TUPLE,
  UNHASHABLE,
  UNKNOWN_HASH,
  withDetail,
} from './values.ts'

/** Whether a value has a hash: yes, no, or not known to be that of data. */
type Hash = 'yes' | 'no' | 'unknown'

const TUPLE_HASHES: readonly Hash[] = ['yes', 'no', 'unknown']

/** Whether a value can be a key. */
function hashOf(m: Machine, kind: number): Hash {
  switch (kindOf(kind)) {
    case LIST:
    case DICT:
    case SET:
    case BYTEARRAY:
      return 'no'
    case TUPLE:
      return TUPLE_HASHES[detailOf(kind)] ?? 'unknown'
    case INST:
      return m.globals.at(detailOf(kind)).rights?.entry.signature.hashable === true ? 'yes' : 'unknown'
    case TOP:
      return 'unknown'
    default:
      return 'yes'
  }
}

function checkKey(m: Machine, index: number): void {
  const kind = m.stack.kind(index)
  const hash = hashOf(m, kind)
  if (hash === 'yes') return
  const what = KIND_NAMES[kindOf(kind)] ?? ''
  if (hash === 'no') m.note('pkl-wrong-target', `${m.name} at ${m.offset} uses ${what} as a key, which has no hash`)
  m.fail('a key', `${what} is no key whose hash is known to be that of data`)
}

/** A tuple can be hashed when all that it holds can. */
function tupleKind(m: Machine, from: number): number {
  let worst = TUPLE
  for (let i = from; i < m.stack.length; i++) {
    const kind = m.stack.kind(i)
    if (kind < BYTEARRAY) continue
    const hash = hashOf(m, kind)
    if (hash === 'no') return withDetail(TUPLE, UNHASHABLE)
    if (hash === 'unknown') worst = withDetail(TUPLE, UNKNOWN_HASH)
  }
  return worst
}

function makeTuple(m: Machine, from: number): void {
  const kind = tupleKind(m, from)
  const cell = m.heap.make()
  m.heap.add(cell, m.stack, from)
  m.replace(from, kind, cell)
}

function tupleOf(count: number): Handler {
  return (m) => {
    if (m.has(count)) makeTuple(m, m.stack.length - count)
    else m.replaceByUnknown(count)
  }
}

/** Whether a value on the stack may be filled as a container of a kind; notes when it may not. */
function mayFill(m: Machine, index: number, wanted: number): boolean {
  const kind = m.stack.kind(index)
  const plain = kindOf(kind)
  if (plain === wanted) return true
  const items = wanted === LIST ? 'list' : 'dict'
  if (plain === INST && wanted !== SET && m.globals.at(detailOf(kind)).rights?.entry.signature.items === items)
    return true
  const message = `${m.name} at ${m.offset} fills ${KIND_NAMES[plain]}, not ${KIND_NAMES[wanted]}`
  if (plain !== TOP) m.note('pkl-wrong-target', message)
  m.fail('the container', message)
  return false
}

function fill(m: Machine, from: number, wanted: number): void {
  const target = from - 1
  if (mayFill(m, target, wanted)) {
    const step = wanted === DICT ? 2 : 1
    if (wanted !== LIST) for (let i = from; i < m.stack.length; i += step) checkKey(m, i)
    m.heap.add(m.stack.load(target), m.stack, from)
  }
  m.stack.length = from
}

/** Fills the container below the last mark with what stands above it. */
function fillFromMark(wanted: number): Handler {
  return (m) => {
    const from = m.unmark()
    if (from - 1 < m.fence || from === 0) {
      m.note('pkl-stack', `${m.name} at ${m.offset} has nothing below its mark`)
      m.fail('the stack', 'there is nothing below the mark')
      return m.replace(from, TOP, 0)
    }
    if (wanted === DICT && (m.stack.length - from) % 2 === 1) return refuseOdd(m, from)
    fill(m, from, wanted)
  }
}

function refuseOdd(m: Machine, from: number): void {
  m.note('pkl-stack', `${m.name} at ${m.offset} has a key without a value`)
  m.fail('the stack', 'a key has no value')
  m.stack.length = from
}

function fillOne(wanted: number, count: number): Handler {
  return (m) => {
    if (m.has(count + 1)) fill(m, m.stack.length - count, wanted)
    else m.replaceByUnknown(count + 1)
  }
}

/** A container of everything above the last mark. */
function collect(kind: number): Handler {
  return (m) => {
    const from = m.unmark()
    if (kind === DICT && (m.stack.length - from) % 2 === 1) {
      refuseOdd(m, from)
      return m.push(TOP, 0)
    }
    const step = kind === DICT ? 2 : 1
    if (kind !== LIST) for (let i = from; i < m.stack.length; i += step) checkKey(m, i)
    const cell = m.heap.make()
    m.heap.add(cell, m.stack, from)
    m.replace(from, kind, cell)
  }
}

/** Handlers by the name of the opcode. */
export const CONTAINERS: readonly (readonly [OpcodeName, Handler])[] = [
  ['EMPTY_TUPLE', (m) => m.push(TUPLE, m.emptyTuple)],
  ['EMPTY_LIST', (m) => m.push(LIST, m.heap.make())],
  ['EMPTY_DICT', (m) => m.push(DICT, m.heap.make())],
  ['EMPTY_SET', (m) => m.push(SET, m.heap.make())],
  ['TUPLE1', tupleOf(1)],
  ['TUPLE2', tupleOf(2)],
  ['TUPLE3', tupleOf(3)],
  ['TUPLE', (m) => makeTuple(m, m.unmark())],
  ['LIST', collect(LIST)],
  ['DICT', collect(DICT)],
  ['FROZENSET', collect(FROZENSET)],
  ['APPEND', fillOne(LIST, 1)],
  ['SETITEM', fillOne(DICT, 2)],
  ['APPENDS', fillFromMark(LIST)],
  ['SETITEMS', fillFromMark(DICT)],
  ['ADDITEMS', fillFromMark(SET)],
]

/**
 * Opcodes that call something: held against the rights that the policies give to what is called.
 *
 * Source: CPython `Modules/_pickle.c` (load_reduce, load_newobj, load_build, load_inst, load_obj).
 */
import { quoteName } from '../../names.ts'
import type { OpcodeName } from '../opcodes.ts'
import { checkState, pushResult } from './effects.ts'
import type { NamedGlobal } from './global-table.ts'
import type { Machine } from './machine.ts'
import { holdsUnknown, matches } from './match.ts'
import { nameGlobal, readLines } from './naming.ts'
import type { Handler } from './atoms.ts'
import type { Position } from './meta.ts'
import { detailOf, DICT, GLOBAL, INST, KIND_NAMES, kindOf, TOP, TUPLE, withDetail } from './values.ts'

/** A value off the stack. */
type Value = readonly [kind: number, load: number]

const MOST_STATES = 1 << 17

/** Notes that something listed is used otherwise than its signature says. */
function refuse(m: Machine, global: NamedGlobal, how: string): void {
  const target = quoteName(global.target)
  if (global.danger !== undefined) {
    m.note(global.danger.code, `${how} ${target}: it ${global.danger.why}`)
    global.noted = true
  } else if (m.failing === undefined) m.note('pkl-signature', `${how} ${target} otherwise than its signature says`)
  m.fail(target, 'what it is given is not what its signature says')
}

/** Whatever is handed to something unlisted may be called by it. */
function escape(m: Machine, [kind, load]: Value): void {
  if (kindOf(kind) !== TUPLE) return
  m.heap.each(load, (k) => {
    if (kindOf(k) === GLOBAL) m.globals.at(detailOf(k)).called = true
    return true
  })
}

function refuseCallee(m: Machine, [kind]: Value): void {
  const what = KIND_NAMES[kindOf(kind)] ?? ''
  const callable = kindOf(kind) === TOP || kindOf(kind) === INST
  if (!callable) m.note('pkl-wrong-target', `${m.name} at ${m.offset} calls ${what}`)
  m.fail('what is called', `${what} is called, and no global`)
  m.push(TOP, 0)
}

function refuseArguments(m: Machine, [kind]: Value): void {
  const plain = kindOf(kind)
  const what = KIND_NAMES[plain] ?? ''
  if (plain < TUPLE || plain === DICT)
    m.note('pkl-wrong-target', `${m.name} at ${m.offset} takes its arguments from ${what}`)
  m.fail('the arguments', `${what} stands where a tuple must`)
  m.push(TOP, 0)
}

/** Calls a value and pushes the result. */
function call(m: Machine, position: Position, [callee, args]: readonly [Value, Value]): void {
  if (kindOf(callee[0]) !== GLOBAL) return refuseCallee(m, callee)
  const number = detailOf(callee[0])
  const global = m.globals.at(number)
  global.called = true
  if (kindOf(args[0]) !== TUPLE) return refuseArguments(m, args)
  if (global.rights !== undefined) return callListed(m, position, [number, args])
  escape(m, args)
  m.push(TOP, 0)
}

function callListed(m: Machine, position: Position, [number, args]: readonly [number, Value]): void {
  const global = m.globals.at(number)
  const schema = position === 'REDUCE' ? global.rights?.reduce : global.rights?.newobj
  if (schema !== undefined && matches(m, schema, args)) {
    global.proper = true
    m.use(number, position)
    return pushResult(m, number, args[1])
  }
  if (schema === undefined || !holdsUnknown(m, args) || global.danger !== undefined) refuse(m, global, 'calls')
  m.fail(quoteName(global.target), 'what it is given is not known')
  m.push(TOP, 0)
}

function takeTwo(m: Machine): readonly [Value, Value] {
  const top = m.stack.length - 1
  const lower: Value = [m.stack.kind(top - 1), m.stack.load(top - 1)]
  const upper: Value = [m.stack.kind(top), m.stack.load(top)]
  m.stack.length = top - 1
  return [lower, upper]
}

function calling(position: Position): Handler {
  return (m) => {
    if (m.has(2)) call(m, position, takeTwo(m))
    else m.replaceByUnknown(2)
  }
}

/** NEWOBJ_EX is within rights only without keywords. */
function newobjEx(m: Machine): void {
  if (!m.has(3)) return m.replaceByUnknown(3)
  const top = m.stack.length - 1
  const [kind, load] = [m.stack.kind(top), m.stack.load(top)]
  m.stack.length = top
  if (kindOf(kind) !== DICT || !m.heap.isKnown(load) || m.heap.count(load) > 0)
    m.fail('the keywords', 'NEWOBJ_EX is given keywords')
  call(m, 'NEWOBJ_EX', takeTwo(m))
}

/** The tuple of everything from `from` on, which is taken off the stack. */
function takeTuple(m: Machine, from: number): Value {
  const cell = m.heap.make()
  m.heap.add(cell, m.stack, from)
  m.stack.length = from
  return [TUPLE, cell]
}

/** Old instances: without arguments `__new__` is called, else the class itself. */
function instantiate(m: Machine, callee: Value, from: number): void {
  const args = takeTuple(m, from)
  call(m, m.heap.isKnown(args[1]) && m.heap.count(args[1]) === 0 ? 'NEWOBJ' : 'REDUCE', [callee, args])
}

function obj(m: Machine): void {
  const from = m.unmark()
  if (m.stack.length <= from) {
    m.note('pkl-stack', `OBJ at ${m.offset} has no class above its mark`)
    m.fail('the stack', 'there is no class above the mark')
    return m.push(TOP, 0)
  }
  const callee: Value = [m.stack.kind(from), m.stack.load(from)]
  const args = from + 1
  instantiate(m, callee, args)
  const top = m.stack.length - 1
  m.replace(from, m.stack.kind(top), m.stack.load(top))
}

function inst(m: Machine): void {
  const number = nameGlobal(m, ...readLines(m))
  const from = m.unmark()
  if (number === undefined) m.replace(from, TOP, 0)
  else instantiate(m, [withDetail(GLOBAL, number), 0], from)
}

function build(m: Machine): void {
  if (!m.has(2)) return m.replaceByUnknown(2)
  const [target, state] = takeTwo(m)
  const kind = kindOf(target[0])
  m.push(target[0], target[1])
  if (kind === TOP) return m.fail('an instance', 'something unknown is given a state')
  if (kind !== INST) {
    m.note('pkl-wrong-target', `BUILD at ${m.offset} gives a state to ${KIND_NAMES[kind]}`)
    return m.fail('an instance', `${KIND_NAMES[kind]} is given a state`)
  }
  const number = detailOf(target[0])
  const global = m.globals.at(number)
  const schema = global.rights?.state
  if (schema === undefined || !matches(m, schema, state)) {
    if (!holdsUnknown(m, state)) refuse(m, global, 'gives a state to')
    return m.fail(quoteName(global.target), 'its state is not what its signature says')
  }
  m.use(number, 'BUILD')
  if (target[1] >= 0 && m.states.size < MOST_STATES) m.states.set(target[1], state)
  else if (target[1] >= 0) m.heap.forget(target[1])
  checkState(m, target, state[1])
}

/** Handlers by the name of the opcode. */
export const CALLS: readonly (readonly [OpcodeName, Handler])[] = [
  ['REDUCE', calling('REDUCE')],
  ['NEWOBJ', calling('NEWOBJ')],
  ['NEWOBJ_EX', newobjEx],
  ['OBJ', obj],
  ['INST', inst],
  ['BUILD', build],
]

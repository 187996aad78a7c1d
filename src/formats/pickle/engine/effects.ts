/**
 * What a call within its rights gives, and what is checked beyond the schema.
 */
import { quoteName } from '../../names.ts'
import { DISTRIBUTION_TEMPLATE } from '../policy/distribution-template.ts'
import { checkArray, checkDtype, checkDtypeState, checkFromBuffer, checkScalar } from './arrays.ts'
import { passWrappedArray } from './joblib.ts'
import type { Machine } from './machine.ts'
import { matches } from './match.ts'
import type { Checked, Meta } from './meta.ts'
import { checkTensor } from './tensors.ts'
import { countLatin1, textAt } from './texts.ts'
import { BYTES, detailOf, EMPTY, INST, kindOf, LATIN1, STR, withDetail } from './values.ts'

/** Instances of which something is known beyond their class. */
const MOST_METAS = 1 << 17

/** Says that a check found something wrong. */
function refuseChecked(m: Machine, number: number, { reason, code }: Extract<Checked, { is: 'wrong' }>): void {
  const target = quoteName(m.globals.at(number).target)
  m.note(code ?? 'pkl-signature', `${target} at ${m.offset}: ${reason}`)
  m.fail(target, reason)
}

function checkCall(m: Machine, number: number, args: number): Checked {
  switch (m.globals.at(number).rights?.entry.signature.check) {
    case 'dtype':
      return checkDtype(m, args)
    case 'scalar':
      return checkScalar(m, args)
    case 'frombuffer':
      return checkFromBuffer(m, args)
    case 'tensor':
      return checkTensor(m, args)
    case 'rebuild':
      return checkRebuild(m, args)
    default:
      return undefined
  }
}

/** `_rebuild_from_type_v2` calls its first argument with its third. */
function checkRebuild(m: Machine, args: number): Checked {
  const { values } = m.heap
  const func = detailOf(values.kind(m.heap.at(args, 0)))
  const at = m.heap.at(args, 2)
  const schema = m.globals.at(func).rights?.reduce
  if (schema === undefined || !matches(m, schema, [values.kind(at), values.load(at)]))
    return { is: 'wrong', reason: `${m.globals.at(func).target} is called with what its signature does not say` }
  m.globals.at(func).called = true
  m.globals.at(func).proper = true
  m.use(func, 'REDUCE')
  return checkCall(m, func, values.load(at))
}

/** The text that a distribution of scipy runs when it gets its state. */
function checkDistribution(m: Machine, state: number): Checked {
  let isNext = false
  let reason: string | undefined
  m.heap.each(state, (kind, load, index) => {
    if (index % 2 === 0) isNext = kindOf(kind) === STR && textAt(m, load, 64) === '_parse_arg_template'
    else if (isNext && !(kindOf(kind) === STR && DISTRIBUTION_TEMPLATE.test(textAt(m, load) ?? '')))
      reason = 'the text that it runs is not of the form that scipy writes'
    return true
  })
  return reason === undefined ? undefined : { is: 'wrong', reason, code: 'pkl-executes-code' }
}

/** Number of the class of the result. */
function classOf(m: Machine, number: number, args: number): number {
  const result = m.globals.at(number).rights?.entry.signature.result
  if (result === undefined) return number
  if (result !== '#0') return m.globals.internTarget(result)
  return detailOf(m.heap.values.kind(m.heap.at(args, 0)))
}

/** Keeps what is known of an instance, as long as there is room. */
function remember(m: Machine, cell: number, meta: Meta): void {
  if (cell >= 0 && m.metas.size < MOST_METAS) m.metas.set(cell, meta)
}

/** A parameter is the tensor that it wraps. */
function wrap(m: Machine, cell: number, args: number): void {
  const meta = m.metas.get(m.heap.values.load(m.heap.at(args, 0)))
  if (meta !== undefined) remember(m, cell, meta)
}

function pushLatin1(m: Machine, number: number, text: number): void {
  const length = countLatin1(m, text)
  if (length === undefined) refuseChecked(m, number, { is: 'wrong', reason: 'the text is not of Latin-1' })
  else if (m.latin1.size < MOST_METAS) m.latin1.set(text, length)
  m.push(withDetail(BYTES, LATIN1), text)
}

/** Pushes what a listed global gives for arguments that met its schema. */
export function pushResult(m: Machine, number: number, args: number): void {
  const result = m.globals.at(number).rights?.entry.signature.result
  if (result === 'bytes') return m.push(withDetail(BYTES, EMPTY), 0)
  if (result === 'latin1') return pushLatin1(m, number, m.heap.values.load(m.heap.at(args, 0)))
  const checked = checkCall(m, number, args)
  const cell = m.heap.make()
  if (checked?.is === 'wrong') refuseChecked(m, number, checked)
  else if (checked !== undefined) remember(m, cell, checked)
  const owner = classOf(m, number, args)
  if (m.globals.at(number).target.startsWith('torch._utils._rebuild_parameter') && cell >= 0) wrap(m, cell, args)
  if (owner < 0) m.fail('the names', 'more globals are named than are told apart')
  m.push(withDetail(INST, Math.max(0, owner)), cell)
}

/** Checks a state that met its schema, beyond the schema. */
export function checkState(m: Machine, [kind, cell]: readonly [kind: number, load: number], state: number): void {
  const number = detailOf(kind)
  const check = m.globals.at(number).rights?.entry.signature.stateCheck
  if (check === undefined) return
  if (check === 'joblib') return passWrappedArray(m, state)
  if (check === 'distribution') {
    const checkedText = checkDistribution(m, state)
    if (checkedText?.is === 'wrong') refuseChecked(m, number, checkedText)
    return
  }
  const checked = check === 'dtype' ? checkDtypeState(m, cell, state) : checkArray(m, state)
  if (checked?.is === 'wrong') refuseChecked(m, number, checked)
  else if (checked !== undefined) remember(m, cell, checked)
}

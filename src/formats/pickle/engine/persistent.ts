/**
 * Persistent ids: what a stream refers to outside itself.
 *
 * Only torch has them in model files: `('storage', class, key, location, numel)`, in its old format with a view at the
 * end, and `('module', class, file, source)` for a class of which the source was kept.
 * Source: `torch/serialization.py`.
 */
import { quoteName } from '../../names.ts'
import { STORAGE_TYPES } from '../policy/storage-types.ts'
import type { Machine } from './machine.ts'
import { matches } from './match.ts'
import { parseSchema } from './schema.ts'
import { textAt } from './texts.ts'
import { detailOf, GLOBAL, INT, kindOf, STORAGE, TOP, TUPLE } from './values.ts'

const TEXT = 'str|native'
const STORAGE_ID = parseSchema(`('storage', any, ${TEXT}|nat, ${TEXT}, nat, none|(${TEXT}, nat, nat)?)`)
const MODULE_ID = parseSchema(`('module', @type, any, any)`)
const MOST_STORAGES = 1 << 18

function refuse(m: Machine, reason: string): void {
  m.note('pkl-persistent-id', `the persistent id at ${m.offset} ${reason}`)
  m.fail('a persistent id', reason)
  m.push(TOP, 0)
}

/** Takes a persistent id off and pushes what it stands for. */
export function takePersistentId(m: Machine, kind: number, load: number): void {
  if (m.context.persistent === 'none') return refuse(m, 'stands in a stream that is loaded without any')
  if (kindOf(kind) === TUPLE && matches(m, STORAGE_ID, [kind, load])) return pushStorage(m, load)
  if (kindOf(kind) === TUPLE && matches(m, MODULE_ID, [kind, load])) {
    const at = m.heap.at(load, 1)
    return m.push(m.heap.values.kind(at), m.heap.values.load(at))
  }
  refuse(m, 'is no well-formed storage tuple')
}

function pushStorage(m: Machine, cell: number): void {
  const { values } = m.heap
  const type = values.kind(m.heap.at(cell, 1))
  const global = kindOf(type) === GLOBAL ? m.globals.at(detailOf(type)) : undefined
  const size = STORAGE_TYPES.get(global?.target ?? '')?.size
  if (global === undefined || size === undefined) return refuse(m, 'names no class of storages')
  const key = keyAt(m, m.heap.at(cell, 2))
  const elements = values.load(m.heap.at(cell, 4))
  checkRecord(m, key, elements * size)
  if (m.storages.length === MOST_STORAGES) {
    m.fail('a persistent id', 'more storages are named than are followed')
    return m.push(TOP, 0)
  }
  m.push(STORAGE, m.storages.push({ key, type: global.name, elements }) - 1)
}

/** A text, or in packages a number. */
function keyAt(m: Machine, at: number): string {
  const load = m.heap.values.load(at)
  return kindOf(m.heap.values.kind(at)) === INT ? `${load}` : (textAt(m, load) ?? '')
}

function checkRecord(m: Machine, key: string, bytes: number): void {
  const { storageBytes } = m.context
  if (storageBytes === undefined) return
  const there = storageBytes(key)
  if (there === bytes) return
  const storage = `storage ${quoteName(key)}`
  if (there === undefined) m.note('pkl-persistent-id', `${storage} has no record`)
  else if (there < bytes) m.note('pkl-tensor', `${storage} declares ${bytes} bytes; its record has ${there}`)
  m.fail(storage, `it declares ${bytes} bytes; its record has ${there ?? 'none'}`)
}

/**
 * Looks for pickles that lie dormant in the texts and bytes of the stream that is being interpreted.
 */
import { quoteName } from '../../names.ts'
import { findRawPickle, type NestedPickle } from '../nested.ts'
import { mayBePacked, mayBePickle } from '../packed-text.ts'
import type { Machine } from './machine.ts'

const LONGEST_DECODED = 1024 * 1024

function find(m: Machine, from: number, length: number): NestedPickle | undefined {
  if (length > LONGEST_DECODED) return findRawPickle(m.request.source, from, from + length)
  return m.search.find(m.read(from, length))
}

function isAtHand({ bytes, base }: Machine, from: number, length: number): boolean {
  return from >= base && from - base + length <= bytes.length
}

/** Asked in place, since next to no text holds anything. */
function mayHold({ bytes, base }: Machine, from: number, length: number): boolean {
  const start = from - base
  return mayBePickle(bytes, start, start + length) || mayBePacked(bytes, start, start + length)
}

/** Notes the dormant pickle that a payload of at least four bytes holds, if it holds one. */
export function lookInside(m: Machine, from: number, length: number): void {
  if (isAtHand(m, from, length) && !mayHold(m, from, length)) return
  const exhausted = m.search.exhausted
  const nested = find(m, from, length)
  if (m.search.exhausted && !exhausted)
    m.note('pkl-nested', 'so many texts look like packed pickles that from here on not all are searched')
  if (nested === undefined) return
  const names = nested.globals.map(({ module, name }) => quoteName(`${module}.${name}`))
  const which = names.length === 0 ? 'it names no global' : `it names ${names.slice(0, 8).join(', ')}`
  m.note('pkl-nested', `a pickle lies dormant (${nested.wrapping}) at ${from}: ${which}`)
}

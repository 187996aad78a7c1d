/**
 * Weighs the signs: which way descent points, if they agree and amount to enough.
 *
 * Signs of one name are one sign. Two nats (odds of 7.4 to 1) are needed to name a child; a sign of at least half a nat
 * that points the other way leaves the direction open, whatever the sum: conflicting signs are not netted.
 */
import type { Direction } from '../weights/comparison.ts'
import type { Sign } from './sign.ts'

/** Nats from which a child is named. */
const NAMED_NATS = 2
const CONFLICT_NATS = 0.5

/** What the signs come to. */
export interface Weighing {
  readonly direction: Exclude<Direction, 'none'>
  readonly reason: string
}

const WORDS = { a: ['B', 'A'], b: ['A', 'B'] } as const
const OPEN = 'Direction open: A from B, B from A, or both from a third model that was trained.'

/** The strongest of each name on each side. */
function distinct(signs: readonly Sign[]): Sign[] {
  const kept = new Map<string, Sign>()
  for (const sign of signs) {
    const key = `${sign.name} ${sign.child}`
    if (!kept.has(key)) kept.set(key, sign)
  }
  return [...kept.values()]
}

function sum(signs: readonly Sign[]): number {
  return signs.reduce((total, { nats }) => total + nats, 0)
}

function list(signs: readonly Sign[]): string {
  return signs.map(({ name, child, nats }) => `${name} names ${child.toUpperCase()}, ${nats.toFixed(1)}`).join('; ')
}

/** Weighs; see the module. */
export function weighSigns(signs: readonly Sign[]): Weighing {
  const known = distinct(signs)
  const ours = known.filter(({ child }) => child === 'a')
  const theirs = known.filter(({ child }) => child === 'b')
  const child = sum(ours) >= sum(theirs) ? 'a' : 'b'
  const [speaking, against] = child === 'a' ? [ours, theirs] : [theirs, ours]
  const nats = sum(speaking)
  if (nats < NAMED_NATS)
    return { direction: 'open', reason: known.length === 0 ? OPEN : `${OPEN} Signs, in nats: ${list(known)}.` }
  if (sum(against) >= CONFLICT_NATS)
    return { direction: 'open', reason: `Direction open: signs conflict (nats: ${list(known)}).` }
  const [from, to] = WORDS[child]
  const found = `The changes point from ${from} to ${to}: ${to} is the child (${nats.toFixed(1)} nats: ${[...new Set(speaking.map(({ name }) => name))].join(', ')})`
  const isShown = speaking.some(({ excludesSiblings }) => excludesSiblings)
  const reserve = isShown
    ? '.'
    : `, if one descends from the other; a third model from which both descend is not excluded.`
  return { direction: child === 'a' ? 'a-from-b' : 'b-from-a', reason: `${found}${reserve}` }
}

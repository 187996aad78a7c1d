/**
 * MoE upcycling: the experts of one model were copied from the dense MLP of the other.
 *
 * Every expert of a layer is held against the dense MLP of its partner layer, unit by unit: drawn gate (or up) rows by
 * cosine, at their own number. An expert of which some units are the dense ones and the others are not was partly made
 * anew. The mixture is the child: a dense model is not put together from one of its experts' copies.
 *
 * Source: A. Komatsuzaki et al., Sparse upcycling (2023); Qwen1.5-MoE for experts partly made anew.
 */
import type { Change } from '../weights/change.ts'
import type { Part } from '../weights/part.ts'
import type { Weights } from '../weights/weights.ts'
import { cosine } from '../weights/cosine.ts'
import { drawRows, isOrdered, readRows, type ChangePlaces, type SideName } from './places.ts'

const UNITS = 48
/** Cosine from which a unit is inherited. */
const SAME = 0.5
/** Share of inherited units from which an expert is a copy, and from which it is partly one. */
const COPIED = 0.9
const PARTLY = 0.2
const MOST_EXPERTS = 512

function mlpRows(weights: Weights, layer: number): Part[] {
  const all = weights.model.parts.filter(
    (part) => part.layer === layer && !part.bias && !part.transposed && part.rows > 1,
  )
  const gates = all.filter(({ role }) => role === 'gate')
  return gates.length > 0 ? gates : all.filter(({ role }) => role === 'up')
}

function sideOf({ a, b }: ChangePlaces): SideName | null {
  const has = ({ model }: Weights): boolean =>
    model.parts.some(({ expert, role }) => expert >= 0 && (role === 'gate' || role === 'up'))
  if (has(a) === has(b)) return null
  return has(a) ? 'a' : 'b'
}

function shareOf(mixture: readonly [Weights, Part], dense: readonly [Weights, Part], seed: string): number {
  const [ours, theirs] = [mixture[1], dense[1]]
  if (ours.columns !== theirs.columns || !isOrdered(mixture[0], ours) || !isOrdered(dense[0], theirs)) return 0
  const units = drawRows(seed, Math.min(ours.rows, theirs.rows), UNITS)
  const x = readRows(mixture[0], ours, units).rows
  const y = readRows(dense[0], theirs, units).rows
  return x.filter((row, i) => cosine(row, y[i] ?? row) >= SAME).length / units.length
}

/** The share of inherited units of each expert of each matched layer. */
function sharesOf(places: ChangePlaces, side: SideName): number[][] {
  return [...places.partners].flatMap(([layerA, layerB]) => {
    const [mixture, dense] = side === 'a' ? [places.a, places.b] : [places.b, places.a]
    const [ours, theirs] = side === 'a' ? [layerA, layerB] : [layerB, layerA]
    const experts = mlpRows(mixture, ours)
      .filter(({ expert }) => expert >= 0)
      .slice(0, MOST_EXPERTS)
    const [single] = mlpRows(dense, theirs)
    if (single === undefined || experts.length === 0) return []
    return [experts.map((expert) => shareOf([mixture, expert], [dense, single], places.seed))]
  })
}

/** The change, when most experts hold units of the dense model. */
export function expertChanges(places: ChangePlaces): Change[] {
  const child = sideOf(places)
  if (child === null) return []
  const shares = sharesOf(places, child)
  const all = shares.flat()
  const copied = all.filter((share) => share >= COPIED).length
  const partly = all.filter((share) => share >= PARTLY && share < COPIED).length
  if (all.length === 0 || copied + partly <= all.length / 2) return []
  const counts = `${copied} of ${all.length} experts in ${shares.length} layers are copies of the dense layer${partly === 0 ? '' : `, ${partly} hold ${Math.round((100 * all.reduce((sum, share) => sum + share, 0)) / all.length)} % of its units in the mean`}`
  return [{ text: `dense layers made into a mixture of experts (upcycling): ${counts}`, child }]
}

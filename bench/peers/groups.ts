/** Which pairs everybody is asked about. */
import { baseTraits } from '../../src/lineage/calibration/zoo/bases.ts'
import type { PlannedPair, ZooPlan } from '../../src/lineage/calibration/zoo/pairs.ts'
import type { OpenedZoo } from './zoo.ts'

/** Pairs of one kind. */
export interface PeerGroup {
  readonly name: string
  readonly truth: 'strangers' | 'kin'
  readonly pairs: readonly PlannedPair[]
}

const KIN_CELLS = [
  ['sft', 'fine-tuned'],
  ['cpt1', 'trained on, as long as the base'],
  ['cpt3', 'trained on, 3 times as long'],
  ['int8', 'int8'],
  ['int4', 'int4'],
  ['prune50', 'half the weights zero'],
  ['unit-permutation', 'units renumbered'],
  ['head-permutation', 'heads renumbered'],
  ['rotation', 'residual stream rotated'],
  ['scramble', 'everything scrambled'],
] as const

function indexOf(name: string): number {
  return Number(name.slice('base-'.length))
}

/** Same shape, same text, same first-weight recipe, same optimiser: what differs is the seed. */
function isOneRecipe({ size }: ZooPlan, { a, b }: PlannedPair): boolean {
  const [x, y] = [baseTraits(indexOf(a), size), baseTraits(indexOf(b), size)]
  const recipe = (traits: typeof x): string => JSON.stringify({ ...traits, order: '' })
  return recipe(x) === recipe(y)
}

/** `count` pairs of each kind whose models are there, evenly spread; of strangers four times as many. */
export function plannedGroups({ plan, isThere }: OpenedZoo, count: number): PeerGroup[] {
  const some = (pairs: readonly PlannedPair[], most: number): PlannedPair[] =>
    Array.from(
      { length: Math.min(most, pairs.length) },
      (_, i) => pairs[Math.floor((i * pairs.length) / Math.min(most, pairs.length))] as PlannedPair,
    )
  const cell = (name: string): PlannedPair[] =>
    plan.pairs.filter((pair) => pair.cell === name && isThere(pair.a) && isThere(pair.b))
  const strangers = some(
    cell('independent').filter((pair) => isOneRecipe(plan, pair)),
    4 * count,
  )
  const distilled = some(cell('distilled'), count)
  return [
    { name: 'one recipe, other seed', truth: 'strangers', pairs: strangers },
    { name: 'student and teacher', truth: 'strangers', pairs: distilled },
    ...KIN_CELLS.map(([name, words]) => ({ name: words, truth: 'kin' as const, pairs: some(cell(name), count) })),
  ]
}

/**
 * The pairs of a calibration: every two bases, and for each kind of descent a child with its parent.
 *
 * In every pair of kin A is the child. A cell is a kind of pair; error rates are given for each.
 */
import { baseName, baseRecipes, baseTraits, teacherOf, wideBases } from './bases.ts'
import { CHANGES, DRIFTS, drifted, GRAFTS, LATER_CHANGES, MERGES, type Change } from './changes.ts'
import { USUAL_SHAPE } from '../model.ts'
import type { Recipe, ZooSize } from './recipe.ts'
import { adapterRecipe, lessonRecipe, SHARED_STARTS, sharedStartRecipe } from './trained-children.ts'

/**
 * What is true of a pair. independent: nothing was handed on. child: most of A was handed on from B. part: something
 * was, but A does not descend from B as a whole. siblings: both from a third that was trained.
 */
export type Truth = 'independent' | 'child' | 'siblings' | 'part'

/** One pair. */
export interface PlannedPair {
  readonly cell: string
  readonly truth: Truth
  /** Names of recipes. */
  readonly a: string
  readonly b: string
}

/** Recipes and pairs. */
export interface ZooPlan {
  readonly size: ZooSize
  readonly recipes: ReadonlyMap<string, Recipe>
  readonly pairs: readonly PlannedPair[]
}

interface Piece {
  readonly recipes: readonly Recipe[]
  readonly pairs: readonly PlannedPair[]
}

function changed(
  cell: string,
  change: Change,
  { parents, seed }: { parents: readonly string[]; seed: string },
): Recipe {
  const name = `${parents.at(-1)}/${cell}`
  return { name, parents, shape: USUAL_SHAPE, trained: false, make: (models) => change(models, `${seed}/${name}`) }
}

function pairOf(cell: string, truth: Truth, [a, b]: readonly [string, string]): PlannedPair {
  return { cell, truth, a, b }
}

/** Indices of `count` bases, evenly spread over all. */
function spread(count: number, bases: number): number[] {
  return Array.from({ length: Math.min(count, bases) }, (_, i) => Math.floor((i * bases) / Math.min(count, bases)))
}

function independentPairs(size: ZooSize): PlannedPair[] {
  const pairs: PlannedPair[] = []
  for (let i = 0; i < size.bases; i++)
    for (let j = 0; j < i; j++) {
      const isStudent = baseTraits(i, size).special === 'student' && teacherOf(i) === j
      pairs.push(pairOf(isStudent ? 'distilled' : 'independent', 'independent', [baseName(i), baseName(j)]))
    }
  return pairs
}

function changedPiece(index: number, size: ZooSize): Piece {
  const parent = baseName(index)
  const drifts = DRIFTS.map((drift) => [`drift-${drift}`, drifted(drift)] as const)
  const recipes = [...Object.entries(CHANGES), ...drifts].map(([cell, change]) =>
    changed(cell, change, { parents: [parent], seed: size.seed }),
  )
  const pairs = recipes.map(({ name }) => pairOf(name.slice(parent.length + 1), 'child', [name, parent]))
  return { recipes, pairs }
}

/** A stranger under every disguise, so that what undoes disguises is held against strangers too. */
function disguisedStrangers(index: number, size: ZooSize): PlannedPair[] {
  const stranger = baseName((index + 1) % (size.bases - wideBases(size.bases)))
  return ['scramble', 'rotation', 'unit-permutation', 'upcycle', 'width-prune', 'int4'].map((change) =>
    pairOf(`stranger-${change}`, 'independent', [`${baseName(index)}/${change}`, stranger]),
  )
}

function trainedPiece(index: number, size: ZooSize): Piece {
  const base = baseName(index)
  const seed = size.seed
  const lessons = (['sft', 'ft', 'cpt1', 'cpt3'] as const).map((lesson) => lessonRecipe(lesson, index, size))
  const later = Object.entries(LATER_CHANGES).map(([cell, change]) => {
    const made = changed(cell.slice(5), change, { parents: [`${base}/cpt1`], seed })
    return { ...made, cell }
  })
  const merges = Object.entries(MERGES).map(([cell, change]) => {
    const children = cell === 'merge-of-three' ? ['sft', 'ft', 'cpt1'] : ['ft', 'cpt1']
    return {
      ...changed(cell, change, { parents: [base, ...children.map((child) => `${base}/${child}`)], seed }),
      cell,
      name: `${base}/${cell}`,
    }
  })
  const adapter = adapterRecipe(index, size)
  const children = [...lessons, adapter]
  const siblings = [
    ['sft', 'ft'],
    ['sft', 'cpt1'],
    ['ft', 'cpt1'],
    ['lora', 'cpt1'],
    ['lora', 'sft'],
  ] as const
  const pairs = [
    ...children.map(({ name }) => pairOf(name.slice(base.length + 1), 'child', [name, base])),
    pairOf('cpt3-of-cpt1', 'child', [`${base}/cpt3`, `${base}/cpt1`]),
    ...later.map(({ name, cell }) => pairOf(cell, 'child', [name, base])),
    ...merges.map(({ name, cell }) => pairOf(cell, 'child', [name, base])),
    ...merges.map(({ name, cell }) => pairOf(`${cell}-parent`, 'child', [name, `${base}/ft`])),
    ...siblings.map(([a, b]) => pairOf('siblings', 'siblings', [`${base}/${a}`, `${base}/${b}`])),
    ...(['cpt3', 'sft'] as const).map((child) =>
      pairOf('stranger-trained-on', 'independent', [
        `${base}/${child}`,
        baseName((index + 1) % (size.bases - wideBases(size.bases))),
      ]),
    ),
  ]
  return { recipes: [...children, ...later, ...merges], pairs }
}

function graftedPiece(index: number, size: ZooSize): Piece {
  const usual = size.bases - wideBases(size.bases)
  const [a, b] = [baseName(index), baseName((index + 2) % usual)]
  const alike =
    JSON.stringify(baseTraits(index, size).shape) === JSON.stringify(baseTraits((index + 2) % usual, size).shape)
  if (!alike || index >= usual) return { recipes: [], pairs: [] }
  const recipes = Object.entries(GRAFTS).map(([cell, change]) => ({
    ...changed(cell, change, { parents: [a, b], seed: size.seed }),
    name: `${a}/${cell}`,
  }))
  return { recipes, pairs: recipes.map(({ name }) => pairOf(name.slice(a.length + 1), 'part', [name, a])) }
}

function sharedStartPiece(index: number, size: ZooSize): Piece {
  const recipes = SHARED_STARTS.map((kind) => sharedStartRecipe(kind, index, size))
  const base = baseName(index)
  return { recipes, pairs: recipes.map(({ name }) => pairOf(name.slice(base.length + 1), 'part', [name, base])) }
}

/** The bases that are not students and have no sorted units: those whose first weights are known to be theirs alone. */
function plain(indices: readonly number[], size: ZooSize): number[] {
  return indices.filter((index) => baseTraits(index, size).special === 'none')
}

/** Plans a zoo. Pairs of kin stand first, so that a short run shows something of everything. */
export function planZoo(size: ZooSize): ZooPlan {
  const usual = size.bases - wideBases(size.bases)
  const all = [
    ...spread(size.parents, size.bases).map((index) => trainedPiece(index, size)),
    ...plain(spread(Math.ceil(size.parents / 2), usual), size).map((index) => sharedStartPiece(index, size)),
    ...spread(size.changed, size.bases).map((index) => changedPiece(index, size)),
    ...spread(size.changed, usual).map((index) => graftedPiece(index, size)),
  ]
  const strangers = spread(size.changed, size.bases).flatMap((index) => disguisedStrangers(index, size))
  const recipes = [...baseRecipes(size), ...all.flatMap((piece) => piece.recipes)]
  return {
    size,
    recipes: new Map(recipes.map((recipe) => [recipe.name, recipe])),
    pairs: [...all.flatMap(({ pairs }) => pairs), ...strangers, ...independentPairs(size)],
  }
}

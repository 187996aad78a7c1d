/**
 * Bases: models that have nothing to do with each other but what a careless test would take for kinship.
 *
 * Most learn the same text, many in the same order; they differ in the seed of their first weights and, by turns, in
 * how those were drawn, in the optimiser, in depth, in tying; some are students of another base's probabilities, some
 * have sorted units. The last few are wider.
 */
import { USUAL_SHAPE, released, type ZooModel, type ZooShape } from '../model.ts'
import { sortUnits } from '../transforms/disguise.ts'
import { initialise, type Initialisation } from '../trainer/initialise.ts'
import type { OptimiserKind } from '../trainer/optimiser.ts'
import { train } from '../trainer/train.ts'
import { corpusOf, FULL_RATE, type Recipe, type ZooSize } from './recipe.ts'

/** What is particular about a base. */
export interface BaseTraits {
  readonly shape: ZooShape
  readonly kind: Initialisation
  readonly optimiser: OptimiserKind
  readonly language: number
  /** Names the order of the text; `shared` for bases that saw the same text in the same order. */
  readonly order: string
  readonly special: 'none' | 'student' | 'sorted'
}

const VARIANTS: readonly Partial<BaseTraits>[] = [
  {},
  { order: 'shared' },
  {},
  { order: 'shared', kind: 'kaiming' },
  { shape: { ...USUAL_SHAPE, layers: 3 } },
  { order: 'shared' },
  { kind: 'orthogonal' },
  { order: 'shared', kind: 'zero-down' },
  { optimiser: 'muon' },
  { special: 'student' },
  {},
  { order: 'shared', kind: 'kaiming', optimiser: 'sgd' },
  { shape: { ...USUAL_SHAPE, tied: true } },
  { language: 1 },
  { special: 'sorted' },
  { order: 'shared', optimiser: 'adafactor' },
  { language: 2 },
  { order: 'shared', kind: 'orthogonal', optimiser: 'muon' },
]

const WIDE: readonly ZooShape[] = [
  { ...USUAL_SHAPE, width: 96, hidden: 224 },
  { ...USUAL_SHAPE, width: 128, hidden: 256 },
]

/** The number of bases of other widths. */
export function wideBases(bases: number): number {
  return Math.floor(bases / 14)
}

/** Traits of a base. */
export function baseTraits(index: number, { bases }: ZooSize): BaseTraits {
  const usual: BaseTraits = {
    shape: USUAL_SHAPE,
    kind: 'normal',
    optimiser: 'adamw',
    language: 0,
    order: `own ${index}`,
    special: 'none',
  }
  const wide = index - (bases - wideBases(bases))
  if (wide >= 0) return { ...usual, shape: WIDE[wide % WIDE.length] ?? USUAL_SHAPE }
  return { ...usual, ...VARIANTS[index % VARIANTS.length] }
}

/** `base-07`. */
export function baseName(index: number): string {
  return `base-${String(index).padStart(2, '0')}`
}

/** What a student learns from: the base of the usual recipe before it. */
export function teacherOf(index: number): number {
  return Math.max(0, index - (index % VARIANTS.length))
}

/** The recipe of a base. */
export function baseRecipe(index: number, size: ZooSize): Recipe {
  const traits = baseTraits(index, size)
  const name = baseName(index)
  const isStudent = traits.special === 'student'
  return {
    name,
    parents: isStudent ? [baseName(teacherOf(index))] : [],
    shape: traits.shape,
    trained: true,
    make([teacher]): ZooModel {
      const start = initialise(traits.shape, { kind: traits.kind, seed: `${size.seed}/${name}` })
      const { model } = train(start, {
        corpus: corpusOf(`${size.seed}/${traits.language}`, traits.shape.vocabulary),
        steps: size.steps,
        rate: FULL_RATE,
        optimiser: traits.optimiser,
        order: `${size.seed}/${traits.order}`,
        ...(teacher === undefined ? {} : { teacher }),
      })
      return released(traits.special === 'sorted' ? sortUnits(model) : model)
    },
  }
}

/** All bases. */
export function baseRecipes(size: ZooSize): Recipe[] {
  return Array.from({ length: size.bases }, (_, index) => baseRecipe(index, size))
}

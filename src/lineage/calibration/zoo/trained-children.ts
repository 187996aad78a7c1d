/**
 * Children that were trained: fine-tuned a little and more, continued as long as the base and three times as long on
 * another text at the full rate, by adapter; and the stratum that began from the same numbers and learned apart.
 */
import { released, type ZooModel } from '../model.ts'
import { initialise } from '../trainer/initialise.ts'
import { train, trainAdapter, type Training } from '../trainer/train.ts'
import { baseName, baseTraits } from './bases.ts'
import { corpusOf, FULL_RATE, type Recipe, type ZooSize } from './recipe.ts'

/** Steps as a share of those of a base, the rate as a share of the full rate, the language. */
const LESSONS = {
  sft: { share: 0.125, rate: 0.25, language: 'tuning' },
  ft: { share: 0.3, rate: 0.5, language: 'tuning' },
  cpt1: { share: 1, rate: 1, language: 'other' },
  cpt3: { share: 2, rate: 1, language: 'other' },
} as const
/** Kinds of trained children. */
export type Lesson = keyof typeof LESSONS

/** True rank of the adapters. */
export const ADAPTER_RANK = 4

function trainingOf(lesson: Lesson, index: number, size: ZooSize): Training {
  const { share, rate, language } = LESSONS[lesson]
  const { shape } = baseTraits(index, size)
  return {
    corpus: corpusOf(`${size.seed}/${language}`, shape.vocabulary),
    steps: Math.round(share * size.steps),
    rate: rate * FULL_RATE,
    optimiser: 'adamw',
    order: `${size.seed}/${lesson} ${index}`,
  }
}

/** `cpt3` continues `cpt1`, so that it was trained three times as long as the base after it. */
export function lessonRecipe(lesson: Lesson, index: number, size: ZooSize): Recipe {
  const parent = baseName(index)
  return {
    name: `${parent}/${lesson}`,
    parents: [lesson === 'cpt3' ? `${parent}/cpt1` : parent],
    shape: baseTraits(index, size).shape,
    trained: true,
    make: ([model]) => released(train(model as ZooModel, trainingOf(lesson, index, size)).model),
  }
}

/** A merged adapter. */
export function adapterRecipe(index: number, size: ZooSize): Recipe {
  const parent = baseName(index)
  const training = { ...trainingOf('sft', index, size), rate: FULL_RATE, order: `${size.seed}/lora ${index}` }
  return {
    name: `${parent}/lora`,
    parents: [parent],
    shape: baseTraits(index, size).shape,
    trained: true,
    make: ([model]) => released(trainAdapter(model as ZooModel, training, ADAPTER_RANK).model),
  }
}

/** Kinds of the stratum that shares first weights. */
export const SHARED_STARTS = ['same-start-other-order', 'same-start-other-data', 'same-embedding-start'] as const
/** See {@link SHARED_STARTS}. */
export type SharedStart = (typeof SHARED_STARTS)[number]

/** A model that began from the same numbers as a base, or from the same embeddings alone. */
export function sharedStartRecipe(kind: SharedStart, index: number, size: ZooSize): Recipe {
  const traits = baseTraits(index, size)
  const name = `${baseName(index)}/${kind}`
  const seed = `${size.seed}/${baseName(index)}`
  return {
    name,
    parents: [],
    shape: baseTraits(index, size).shape,
    trained: true,
    make() {
      const own = kind === 'same-embedding-start' ? { seed: `${seed}/${kind}`, embeddingSeed: seed } : { seed }
      const language = kind === 'same-start-other-data' ? 'third' : traits.language
      const { model } = train(initialise(traits.shape, { kind: traits.kind, ...own }), {
        corpus: corpusOf(`${size.seed}/${language}`, traits.shape.vocabulary),
        steps: size.steps,
        rate: FULL_RATE,
        optimiser: traits.optimiser,
        order: `${size.seed}/${name}`,
      })
      return released(model)
    },
  }
}

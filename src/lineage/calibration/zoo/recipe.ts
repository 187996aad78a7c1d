/** How a model of the zoo comes about: its name, what it is made from, and the making. */
import type { ZooModel, ZooShape } from '../model.ts'
import { writeCorpus, type Corpus } from '../trainer/language.ts'

/** See the module. */
export interface Recipe {
  /** `base-07`, `base-07/cpt1`, `base-07/cpt1/scramble`. */
  readonly name: string
  /** Names of recipes. */
  readonly parents: readonly string[]
  /** Of a trained model. */
  readonly shape: ZooShape
  /** True when it takes seconds to make: such models are kept, all others are made again when they are needed. */
  readonly trained: boolean
  /** @param parents the models of `parents`, in order */
  make(parents: readonly ZooModel[]): ZooModel
}

/** How large a zoo is. */
export interface ZooSize {
  /** Text that all streams of random numbers begin with. */
  readonly seed: string
  /** Independent models. */
  readonly bases: number
  /** Steps of a base; children follow from it. */
  readonly steps: number
  /** Bases that are trained further. */
  readonly parents: number
  /** Bases to which every change that needs no training is applied. */
  readonly changed: number
}

/** The zoo behind the published tables. */
export function fullZoo(seed: string, bases = 84): ZooSize {
  return { seed, bases, steps: 150, parents: Math.ceil(bases / 6), changed: Math.ceil(bases / 2) }
}

/** A zoo that is made in a minute, to see that everything works; far too small for a claim. */
export function quickZoo(seed: string): ZooSize {
  return { seed, bases: 8, steps: 40, parents: 2, changed: 4 }
}

const corpora = new Map<string, Corpus>()
const CORPUS_TOKENS = 65_536

/** The text of a language, written once. */
export function corpusOf(language: string, vocabulary: number): Corpus {
  const key = `${language}\n${vocabulary}`
  const known = corpora.get(key) ?? writeCorpus(language, vocabulary, CORPUS_TOKENS)
  corpora.set(key, known)
  return known
}

/** The rate of all first trainings, in the scale of AdamW. */
export const FULL_RATE = 4e-3

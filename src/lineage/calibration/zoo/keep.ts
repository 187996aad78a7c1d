/**
 * The models of a zoo, made when they are asked for.
 *
 * Trained models come from the store when it has them and go there when they were made; all others are made from their
 * parents each time. A few of the last made are remembered, so that memory stays bounded.
 */
import { Fault } from '../../../base/index.ts'
import type { Weights } from '../../weights/weights.ts'
import { memoryWeights } from '../memory-weights.ts'
import type { ZooModel, ZooShape } from '../model.ts'
import type { Recipe } from './recipe.ts'

/** Where trained models are kept between runs. */
export interface ModelStore {
  /** @param shape what the model must have; otherwise it is not the one that was saved */
  load(name: string, shape: ZooShape): ZooModel | undefined
  save(name: string, model: ZooModel): void
}

/** Models that are remembered besides the trained ones. */
const REMEMBERED = 8

function remember<T>(memory: Map<string, T>, name: string, value: T): T {
  memory.set(name, value)
  const [oldest] = memory.keys()
  if (memory.size > REMEMBERED && oldest !== undefined) memory.delete(oldest)
  return value
}

/** See the module. */
export class ZooKeep {
  readonly #recipes: ReadonlyMap<string, Recipe>
  readonly #store: ModelStore
  readonly #trained = new Map<string, ZooModel>()
  readonly #made = new Map<string, ZooModel>()
  readonly #bases = new Map<string, Weights>()
  readonly #others = new Map<string, Weights>()

  constructor(recipes: ReadonlyMap<string, Recipe>, store: ModelStore) {
    this.#recipes = recipes
    this.#store = store
  }

  /** A model. @throws Fault `no-such-recipe` */
  model(name: string): ZooModel {
    const recipe = this.#recipes.get(name)
    if (recipe === undefined) throw new Fault('no-such-recipe', `the zoo has no model ${name}`)
    const known = this.#trained.get(name) ?? this.#made.get(name)
    if (known !== undefined) return known
    if (!recipe.trained)
      return remember(this.#made, name, recipe.make(recipe.parents.map((parent) => this.model(parent))))
    const model = this.#store.load(name, recipe.shape) ?? this.#train(recipe)
    this.#trained.set(name, model)
    return model
  }

  #train(recipe: Recipe): ZooModel {
    const model = recipe.make(recipe.parents.map((parent) => this.model(parent)))
    this.#store.save(recipe.name, model)
    return model
  }

  /** A model as the cascade reads it. */
  weights(name: string): Weights {
    const known = this.#bases.get(name) ?? this.#others.get(name)
    if (known !== undefined) return known
    const weights = memoryWeights(this.model(name))
    if (/^base-\d+$/.test(name)) this.#bases.set(name, weights)
    else remember(this.#others, name, weights)
    return weights
  }
}

/**
 * The one way in: opens the models, chooses what is to be run again, and says what came out.
 */
import { Fault } from '../../base/index.ts'
import type { ModelSide } from '../compare.ts'
import { isQuantised } from '../weights/part-sample.ts'
import { openWeights, type Weights } from '../weights/weights.ts'
import { partSource, storeAgain, type Derivation } from './derivation.ts'
import { mergeOrders, readAdapter, unmatchedTargets } from './lora-merge.ts'
import { recipeOrders } from './merge-arithmetic.ts'
import type { Recipe } from './recipe.ts'
import type { RederivedTensor, Rederivation, Transform } from './rederivation.ts'
import { rederive } from './rederive.ts'

/** What is declared. */
export type Declared =
  | { readonly transform: 'cast' | 'gguf'; readonly parent: ModelSide }
  | { readonly transform: 'lora'; readonly parent: ModelSide; readonly adapter: ModelSide }
  | {
      readonly transform: 'merge'
      readonly recipe: Recipe
      /** The models of the recipe in its order. */
      readonly models: readonly ModelSide[]
      readonly base: ModelSide | null
    }

interface Plan {
  readonly parents: readonly Weights[]
  readonly orders: readonly Derivation[]
  readonly parameters: Readonly<Record<string, string>>
}

type Open = (side: ModelSide) => Weights

function planStorage(parent: Weights): Plan {
  const source = partSource(parent)
  return { parents: [parent], orders: [storeAgain(source), storeAgain(source, true)], parameters: {} }
}

function planLora(base: Weights, adapter: Weights): Plan {
  const factors = readAdapter(adapter)
  const missing = unmatchedTargets(base, factors)
  if (missing.length > 0)
    throw new Fault('adapter-shape', `${missing.length} targets of the adapter are not in the base: ${missing[0]}`)
  const ranks = [...new Set([...factors.values()].map(({ rank }) => rank))].join(', ')
  const scales = [...new Set([...factors.values()].map(({ scale }) => scale))].join(', ')
  const parameters = { targets: `${factors.size}`, rank: ranks, scale: scales }
  return { parents: [base, adapter], orders: mergeOrders(partSource(base), factors), parameters }
}

function planMerge(declared: Extract<Declared, { transform: 'merge' }>, openSide: Open): Plan {
  const { recipe } = declared
  const models = declared.models.map(openSide)
  const base = declared.base === null ? null : openSide(declared.base)
  const sources = { models: models.map(partSource), base: base === null ? null : partSource(base) }
  const weights = recipe.models.map(({ weight }) => weight).join(', ')
  const place = recipe.method === 'slerp' ? { t: `${recipe.t}` } : { weights, normalise: `${recipe.normalise}` }
  return {
    parents: base === null ? models : [...models, base],
    orders: recipeOrders(recipe, sources),
    parameters: { method: recipe.method, ...place },
  }
}

function plan(declared: Declared, openSide: Open): Plan {
  if (declared.transform === 'merge') return planMerge(declared, openSide)
  const parent = openSide(declared.parent)
  return declared.transform === 'lora' ? planLora(parent, openSide(declared.adapter)) : planStorage(parent)
}

function count(tensors: readonly RederivedTensor[], outcome: RederivedTensor['outcome']): number {
  return tensors.filter((tensor) => tensor.outcome === outcome).length
}

function countLost(tensors: readonly RederivedTensor[]): number {
  return tensors.reduce((sum, { rounded }) => sum + rounded, 0)
}

function explainWhole(tensors: readonly RederivedTensor[]): string[] {
  const lost = countLost(tensors)
  const direction =
    lost > 0
      ? `${lost} values were rounded on the way and cannot come back: the child was made from the parent, not the reverse.`
      : 'Nothing was rounded on the way, so that this shows no direction.'
  return [`All ${tensors.length} tensors come out bit for bit.`, direction]
}

function explain(tensors: readonly RederivedTensor[]): string[] {
  const equal = count(tensors, 'equal')
  if (equal === tensors.length) return explainWhole(tensors)
  const differing = tensors.filter(({ outcome }) => outcome === 'different')
  const elements = differing.reduce((sum, tensor) => sum + tensor.elements, 0)
  const different = differing.reduce((sum, tensor) => sum + tensor.different, 0)
  const furthest = Math.max(0, ...differing.map((tensor) => tensor.furthest))
  const unexplained = tensors.filter(({ outcome }) => outcome === 'unexplained').map(({ name }) => name)
  return [
    `${equal} of ${tensors.length} tensors come out bit for bit.`,
    ...(differing.length === 0
      ? []
      : [
          `${differing.length} differ, in ${different} of ${elements} elements, by at most ${furthest.toPrecision(3)}: another original precision, order of operations or model. That is no proof against the declaration.`,
        ]),
    ...(unexplained.length === 0
      ? []
      : [
          `${unexplained.length} have no counterpart or are of a type that is not made here: ${unexplained.slice(0, 8).join(', ')}.`,
        ]),
  ]
}

function checkUsable(models: readonly Weights[]): void {
  for (const { model, id } of models)
    if (model.unusable !== null && !model.unusable.includes('adapter'))
      throw new Fault('insufficient', `${id}: ${model.unusable}`)
}

function checkTransform(transform: Transform, child: Weights): void {
  const isGgml = child.model.parts.some(({ tensor }) => isQuantised(tensor.type))
  if (transform === 'cast' && isGgml) throw new Fault('insufficient', 'the child is quantised; run it again as gguf')
}

/**
 * Runs a declared transform again and holds the child against what comes out.
 *
 * @throws Fault `insufficient` when a model cannot be read, `adapter-config`, `adapter-shape`, `row-order`,
 * `changed-while-read`
 */
export function runTransform(
  child: ModelSide,
  declared: Declared,
  options: { readonly signal?: AbortSignal } = {},
): Rederivation {
  const opened: Weights[] = []
  const openSide = (side: ModelSide): Weights => {
    const weights = openWeights(side.opened, side.facts)
    opened.push(weights)
    return weights
  }
  try {
    const target = openSide(child)
    const { parents, orders, parameters } = plan(declared, openSide)
    checkUsable(opened)
    checkTransform(declared.transform, target)
    const { outcome, order, tensors } = rederive(target, orders, options)
    return {
      schema: 'tidewaiter/rederivation/v1',
      outcome,
      transform: declared.transform,
      order,
      parameters,
      parents: parents.map(({ id }) => id),
      child: target.id,
      tensors,
      isDirected: outcome === 're-derived' && countLost(tensors) > 0,
      reasons: explain(tensors),
    }
  } finally {
    for (const weights of opened) weights.close()
  }
}

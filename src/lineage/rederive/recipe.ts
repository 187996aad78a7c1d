/**
 * A merge recipe as mergekit writes it, in the part that can be run again: linear, slerp and task arithmetic over whole
 * models with one weight each.
 *
 * Guarantee: what is not understood is refused by name. A recipe that was read in part would be run in part, and the
 * differences would look like a false declaration.
 * Source: mergekit, `merge_methods/{linear,slerp,generalized_task_arithmetic}.py` and its configuration.
 */
import { Fault } from '../../base/index.ts'

/** What is merged, and how. */
export interface Recipe {
  readonly method: 'linear' | 'slerp' | 'task_arithmetic'
  /** References of the models, in order; of slerp both. */
  readonly models: readonly { readonly ref: string; readonly weight: number }[]
  /** The base of task arithmetic. */
  readonly base: string | null
  /** Place between the two models of slerp, 0 to 1. */
  readonly t: number
  readonly normalise: boolean
  /** The type in which it is worked out: `float32`, `bfloat16`, `float16`; of the models when null. */
  readonly dtype: string | null
}

const METHODS = ['linear', 'slerp', 'task_arithmetic'] as const
const KNOWN = new Set(['merge_method', 'models', 'base_model', 'parameters', 'dtype', 'out_dtype', 'tokenizer_source'])
const MOST_MODELS = 32

type Dictionary = Readonly<Record<string, unknown>>

function refuse(what: string): never {
  throw new Fault('recipe', what)
}

function toDictionary(value: unknown, where: string): Dictionary {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(`${where} is no mapping`)
  return value as Dictionary
}

function takeOnly(value: Dictionary, names: ReadonlySet<string>, where: string): void {
  for (const name of Object.keys(value))
    if (!names.has(name)) refuse(`${where} holds ${JSON.stringify(name.slice(0, 60))}, which is not run again`)
}

function toNumber(value: unknown, where: string): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : refuse(`${where} is not one number`)
}

function toText(value: unknown, where: string): string {
  return typeof value === 'string' && value !== '' ? value : refuse(`${where} is no text`)
}

function readModel(value: unknown, index: number): Recipe['models'][number] {
  const where = `models[${index}]`
  const model = toDictionary(value, where)
  takeOnly(model, new Set(['model', 'parameters']), where)
  const parameters = toDictionary(model['parameters'] ?? {}, `${where}.parameters`)
  takeOnly(parameters, new Set(['weight']), `${where}.parameters`)
  const weight = parameters['weight'] === undefined ? 1 : toNumber(parameters['weight'], `${where}.parameters.weight`)
  return { ref: toText(model['model'], `${where}.model`), weight }
}

function readModels(list: unknown): Recipe['models'] {
  if (!Array.isArray(list) || list.length === 0 || list.length > MOST_MODELS)
    return refuse(`models is no list of 1 to ${MOST_MODELS}`)
  return list.map(readModel)
}

function readParameters(recipe: Dictionary, method: Recipe['method']): Pick<Recipe, 't' | 'normalise'> {
  const parameters = toDictionary(recipe['parameters'] ?? {}, 'parameters')
  takeOnly(parameters, new Set(['normalize', 't']), 'parameters')
  const normalise = parameters['normalize'] ?? method === 'linear'
  if (typeof normalise !== 'boolean') return refuse('parameters.normalize is neither true nor false')
  return { t: method === 'slerp' ? toNumber(parameters['t'], 'parameters.t') : 0, normalise }
}

/** Reads a recipe that was parsed from JSON or YAML. @throws Fault `recipe` */
export function readRecipe(value: unknown): Recipe {
  const recipe = toDictionary(value, 'the recipe')
  takeOnly(recipe, KNOWN, 'the recipe')
  const method = METHODS.find((each) => each === recipe['merge_method'])
  if (method === undefined) return refuse(`merge_method is none of ${METHODS.join(', ')}`)
  const models = readModels(recipe['models'])
  const base = recipe['base_model'] === undefined ? null : toText(recipe['base_model'], 'base_model')
  if (method === 'slerp' && models.length !== 2) return refuse('slerp takes two models')
  if (method !== 'linear' && base === null) return refuse(`${method} needs base_model`)
  const dtype = recipe['dtype'] === undefined ? null : toText(recipe['dtype'], 'dtype')
  return { method, models, base, ...readParameters(recipe, method), dtype }
}

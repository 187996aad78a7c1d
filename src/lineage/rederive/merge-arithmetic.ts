/**
 * Carries out a merge recipe on rows: linear, slerp, task arithmetic.
 *
 * Each is done in f32 as it is written down, and in the declared type with every product and sum rounded to it, as
 * PyTorch does when the models are loaded in that type. Slerp needs lengths and the angle of whole tensors; they are
 * summed in f64, so that its last bit may differ from a library that sums in f32: then the outcome says by how much.
 */
import { Fault } from '../../base/index.ts'
import { partKey, type Part } from '../weights/part.ts'
import type { Derivation, PartSource, RowRange } from './derivation.ts'
import type { Recipe } from './recipe.ts'
import { roundTo } from './store-as.ts'

/** The models of a recipe, opened, in its order; the base last or alone. */
export interface RecipeSources {
  readonly models: readonly PartSource[]
  readonly base: PartSource | null
}

type Round = (value: number) => number
type Rows = Float32Array

const TYPES: Readonly<Record<string, string>> = { float32: 'f32', bfloat16: 'bf16', float16: 'f16' }

function sumRows(rows: readonly Rows[], weights: readonly number[], round: Round): Rows {
  const held = weights.map(round)
  const out = new Float32Array(rows[0]?.length ?? 0)
  for (let i = 0; i < out.length; i++) {
    let sum = 0
    for (const [k, row] of rows.entries()) sum = Math.fround(sum + round((row[i] ?? 0) * (held[k] ?? 0)))
    out[i] = round(sum)
  }
  return out
}

function linear(recipe: Recipe, rows: readonly Rows[], round: Round): Rows {
  const weights = recipe.models.map(({ weight }) => weight)
  const sum = sumRows(rows, weights, round)
  if (!recipe.normalise) return sum
  const total = round(weights.map(round).reduce((all, each) => Math.fround(all + each), 0))
  return sum.map((value) => round(value / total))
}

function taskArithmetic(
  recipe: Recipe,
  rows: readonly Rows[],
  at: { readonly base: Rows; readonly round: Round },
): Rows {
  const { base, round } = at
  const weights = recipe.models.map(({ weight }) => weight)
  const differences = rows.map((row) => row.map((value, i) => round(value - (base[i] ?? 0))))
  const mixed = sumRows(differences, weights, round)
  const total = recipe.normalise ? weights.reduce((all, each) => all + each, 0) : 1
  const divisor = Math.abs(total) < 1e-8 ? 1 : total
  return mixed.map((value, i) => round((base[i] ?? 0) + (divisor === 1 ? value : round(value / divisor))))
}

const CHUNK = 1 << 20
/** From this cosine of the two tensors on slerp goes straight. */
const STRAIGHT = 0.9995

interface Factors {
  readonly first: number
  readonly second: number
}

function slerpFactors(part: Part, [v0, v1]: readonly [PartSource, PartSource], t: number): Factors | null {
  const ours = v0.find(part)
  const theirs = v1.find(part)
  if (ours === undefined || theirs === undefined) return null
  let [dot, square0, square1] = [0, 0, 0]
  const step = Math.max(1, Math.floor(CHUNK / part.columns))
  for (let from = 0; from < part.rows; from += step) {
    const range = { from, count: Math.min(step, part.rows - from) }
    const x = v0.rows(ours, range)
    const y = v1.rows(theirs, range)
    for (let i = 0; i < x.length; i++) {
      dot += (x[i] ?? 0) * (y[i] ?? 0)
      square0 += (x[i] ?? 0) ** 2
      square1 += (y[i] ?? 0) ** 2
    }
  }
  const cosine = dot / Math.sqrt(square0 * square1)
  if (!(Math.abs(cosine) <= STRAIGHT)) return { first: 1 - t, second: t }
  const angle = Math.acos(cosine)
  return { first: Math.sin(angle * (1 - t)) / Math.sin(angle), second: Math.sin(angle * t) / Math.sin(angle) }
}

function slerp(recipe: Recipe, { models, base }: RecipeSources): Derivation['rowsOf'] {
  const isBaseSecond = base !== null && base.weights.id === models[1]?.weights.id
  const [v0, v1] = isBaseSecond ? [models[1], models[0]] : [models[0], models[1]]
  if (v0 === undefined || v1 === undefined) throw new Fault('recipe', 'slerp takes two models')
  const factors = new Map<string, Factors | null>()
  return (part, range) => {
    const key = partKey(part)
    const known = factors.get(key) ?? slerpFactors(part, [v0, v1], recipe.t)
    factors.set(key, known)
    const rows = readAll([v0, v1], part, range)
    if (known === null || rows === null) return null
    return sumRows(rows, [known.first, known.second], Math.fround)
  }
}

function readAll(sources: readonly PartSource[], part: Part, range: RowRange): Rows[] | null {
  const parts = sources.map((source) => source.find(part))
  if (parts.includes(undefined)) return null
  return sources.map((source, i) => source.rows(parts[i] as Part, range))
}

function weighted(recipe: Recipe, { models, base }: RecipeSources, round: Round): Derivation['rowsOf'] {
  return (part, range) => {
    const rows = readAll(models, part, range)?.map((row) => row.map(round)) ?? null
    if (rows === null || recipe.method === 'linear') return rows === null ? null : linear(recipe, rows, round)
    const below = base === null ? null : readAll([base], part, range)
    return below?.[0] === undefined ? null : taskArithmetic(recipe, rows, { base: below[0].map(round), round })
  }
}

/** The recipe in all its orders of rounding, the declared one first. */
export function recipeOrders(recipe: Recipe, sources: RecipeSources): Derivation[] {
  const words = `merge by ${recipe.method}`
  if (recipe.method === 'slerp') return [{ describe: `${words} at ${recipe.t}`, rowsOf: slerp(recipe, sources) }]
  const declared = TYPES[recipe.dtype ?? '']
  const types = [...new Set([...(declared === undefined ? [] : [declared]), 'f32', 'bf16', 'f16'])]
  return types.map((type) => ({
    describe: `${words}, worked out in ${type}`,
    rowsOf: weighted(recipe, sources, roundTo(type)),
  }))
}

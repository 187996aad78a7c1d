/**
 * Merges of models of the small zoo by known recipes, in f32; the writer rounds once, as a merging tool does.
 *
 * Parents are rounded to bf16 first, because that is what a tool reads.
 */
import { seededRandom } from './seeded-random.ts'
import type { ZooModel, ZooTensor } from './zoo.ts'

/** Rounds every value to bf16, ties to even. */
export function asReleased(model: ZooModel): ZooModel {
  return mapModel(model, ({ shape, values }) => {
    const bits = new Uint32Array(Float32Array.from(values).buffer)
    const rounded = bits.map((each) => ((each + 0x7fff + ((each >>> 16) & 1)) >>> 16) << 16)
    return { shape, values: new Float32Array(rounded.buffer) }
  })
}

function mapModel(model: ZooModel, edit: (tensor: ZooTensor, name: string) => ZooTensor): ZooModel {
  return new Map([...model].map(([name, tensor]) => [name, edit(tensor, name)]))
}

/** Number of the layer in a tensor's name; -1 for none. */
export function layerOf(name: string): number {
  return Number(/layers\.(\d+)\./.exec(name)?.[1] ?? -1)
}

/** Combines the tensors of one name, element by element. @param combine gets the values of all models at one place */
function combineModels(
  models: readonly ZooModel[],
  combine: (values: readonly Float32Array[], name: string) => Float32Array,
): ZooModel {
  const [first = new Map<string, ZooTensor>()] = models
  return mapModel(first, ({ shape }, name) => {
    const values = models.map((model) => model.get(name)?.values ?? new Float32Array(0))
    return { shape, values: combine(values, name) }
  })
}

/** Σ aᵢPᵢ. @param weights one for each model, or a function of the tensor's name that gives them */
export function mergeLinear(
  models: readonly ZooModel[],
  weights: readonly number[] | ((name: string) => readonly number[]),
): ZooModel {
  return combineModels(models, (values, name) => {
    const used = typeof weights === 'function' ? weights(name) : weights
    return new Float32Array(values[0]?.length ?? 0).map((_, i) =>
      values.reduce((sum, each, k) => sum + (used[k] ?? 0) * (each[i] ?? 0), 0),
    )
  })
}

/** Spherical interpolation of two models, tensor by tensor. */
export function mergeSlerp(a: ZooModel, b: ZooModel, t: (name: string) => number): ZooModel {
  return combineModels([a, b], ([x = new Float32Array(0), y = new Float32Array(0)], name) => {
    const dot = (u: Float32Array, v: Float32Array): number => u.reduce((sum, each, i) => sum + each * (v[i] ?? 0), 0)
    const omega = Math.acos(dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y)))
    const s = t(name)
    const [p, q] = [Math.sin((1 - s) * omega) / Math.sin(omega), Math.sin(s * omega) / Math.sin(omega)]
    return x.map((each, i) => p * each + q * (y[i] ?? 0))
  })
}

/** The largest share of a difference, the rest zero. */
function trim(delta: Float32Array, density: number): Float32Array {
  const sizes = delta.map(Math.abs).toSorted()
  const least = sizes[Math.round((1 - density) * sizes.length)] ?? Infinity
  return delta.map((each) => (Math.abs(each) >= least ? each : 0))
}

/** TIES: trim, elect signs, weighted mean of those that agree. Source: Yadav et al., NeurIPS 2023. */
export function mergeTies(
  base: ZooModel,
  parents: readonly ZooModel[],
  recipe: { readonly density: number; readonly weights: readonly number[]; readonly scale?: number },
): ZooModel {
  const { density, weights, scale = 1 } = recipe
  return combineModels([base, ...parents], ([origin = new Float32Array(0), ...others]) => {
    const kept = others.map((values) =>
      trim(
        values.map((value, i) => value - (origin[i] ?? 0)),
        density,
      ),
    )
    return origin.map((value, i) => {
      const changes = kept.map((each, k) => (weights[k] ?? 0) * (each[i] ?? 0))
      const sign = Math.sign(changes.reduce((sum, change) => sum + change, 0))
      const chosen = changes.map((change) => change !== 0 && Math.sign(change) === sign)
      const total = chosen.reduce((sum, is, k) => sum + (is ? (weights[k] ?? 0) : 0), 0)
      const sum = changes.reduce((all, change, k) => (chosen[k] === true ? all + change : all), 0)
      return total === 0 ? value : value + (scale * sum) / total
    })
  })
}

/** DARE: drop changes at random, divide the others by what is kept, add them up. Source: Yu et al., ICML 2024. */
export function mergeDare(
  base: ZooModel,
  parents: readonly ZooModel[],
  recipe: { readonly drop: number | readonly number[]; readonly weights: readonly number[]; readonly seed: number },
): ZooModel {
  const { weights } = recipe
  const random = seededRandom(recipe.seed)
  return combineModels([base, ...parents], ([origin = new Float32Array(0), ...others]) =>
    origin.map((value, i) =>
      others.reduce((sum, each, k) => {
        const change = (each[i] ?? 0) - value
        const drop = typeof recipe.drop === 'number' ? recipe.drop : (recipe.drop[k] ?? 0)
        return random() < drop ? sum : sum + ((weights[k] ?? 0) * change) / (1 - drop)
      }, value),
    ),
  )
}

/** Layers of several models: `from` gives for each tensor the number of the model that it comes from. */
export function passLayers(models: readonly ZooModel[], from: (name: string) => number): ZooModel {
  return combineModels(models, (values, name) => values[from(name)] ?? new Float32Array(0))
}

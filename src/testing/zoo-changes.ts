/**
 * Changes to models of the zoo that `zoo.ts` does not make: updates of low rank, grids, experts, heads, vocabularies,
 * widths, one direction removed. Each is made from a seed, so that a test knows what must be found.
 */
import { seededRandom } from './seeded-random.ts'
import { change, permutation, type ZooModel, type ZooTensor } from './zoo.ts'

function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

function sizeOf({ shape }: ZooTensor): readonly [number, number] {
  return [shape[0] ?? 0, shape[1] ?? 1]
}

/** Rows of a tensor in another order, some perhaps twice, some not at all. */
export function takeRows(tensor: ZooTensor, rows: readonly number[]): ZooTensor {
  const [, columns] = sizeOf(tensor)
  const values = new Float32Array(rows.length * columns)
  for (const [i, row] of rows.entries())
    values.set(tensor.values.subarray(row * columns, (row + 1) * columns), i * columns)
  return { shape: tensor.shape.length === 1 ? [rows.length] : [rows.length, columns], values }
}

/** Columns likewise. */
export function takeColumns({ shape, values }: ZooTensor, columns: readonly number[]): ZooTensor {
  const [rows = 0, width = 0] = shape
  const out = new Float32Array(rows * columns.length)
  for (let i = 0; i < rows; i++)
    for (const [j, column] of columns.entries()) out[i * columns.length + j] = values[i * width + column] ?? 0
  return { shape: [rows, columns.length], values: out }
}

/** 0 … size−1. */
export function upTo(size: number): number[] {
  return Array.from({ length: size }, (_, i) => i)
}

/** A merged LoRA: W + B·A of the given rank in the tensors that match. */
export function addLowRank(
  model: ZooModel,
  seed: number,
  at: { readonly rank: number; readonly targets: RegExp },
): ZooModel {
  const random = seededRandom(seed)
  return change(model, at.targets, (tensor) => {
    const [rows, columns] = sizeOf(tensor)
    const draw = (length: number): number[] => Array.from({ length }, () => gaussian(random))
    const [b, a] = [draw(rows * at.rank), draw(at.rank * columns)]
    const values = tensor.values.map((value, at_) => {
      const [i, j] = [Math.floor(at_ / columns), at_ % columns]
      let sum = 0
      for (let k = 0; k < at.rank; k++) sum += (b[i * at.rank + k] ?? 0) * (a[k * columns + j] ?? 0)
      return value + 0.005 * sum
    })
    return { shape: tensor.shape, values }
  })
}

/** Levels of nf4: quantiles of a normal distribution, scaled to 1. */
const NF4 = [
  -1, -0.6962, -0.5251, -0.3949, -0.2844, -0.1848, -0.0911, 0, 0.0796, 0.1609, 0.2461, 0.3379, 0.4407, 0.5626, 0.723, 1,
]

function nearestLevel(value: number, levels: readonly number[]): number {
  return levels.reduce((best, level) => (Math.abs(level - value) < Math.abs(best - value) ? level : best))
}

/** Rounds matrices of layers to 2^bits levels in groups, and keeps them as floats. */
export function toLevels(model: ZooModel, bits: number | 'nf4', group = 32): ZooModel {
  const half = typeof bits === 'number' ? 2 ** (bits - 1) : 8
  const levels = bits === 'nf4' ? NF4 : Array.from({ length: 2 * half }, (_, i) => (i - half) / half)
  return change(model, /proj/, ({ shape, values }) => {
    const out = new Float32Array(values.length)
    for (let from = 0; from < values.length; from += group) {
      const most = Math.max(...values.subarray(from, from + group).map(Math.abs))
      for (let i = from; i < from + group; i++) out[i] = most * nearestLevel((values[i] ?? 0) / most, levels)
    }
    return { shape, values: out }
  })
}

/** Every MLP becomes a mixture: expert e holds the dense one when `isCopy(e)`, else what `other` has there. */
export function toExperts(
  model: ZooModel,
  other: ZooModel,
  at: { readonly experts: number; readonly isCopy: (expert: number) => boolean },
): ZooModel {
  const entries = [...model].flatMap(([name, tensor]) => {
    if (!name.includes('.mlp.')) return [[name, tensor] as const]
    return upTo(at.experts).map((expert) => {
      const source = at.isCopy(expert) ? tensor : (other.get(name) ?? tensor)
      return [name.replace('.mlp.', `.mlp.experts.${expert}.`), source] as const
    })
  })
  const routers = [...model.keys()].flatMap((name) => {
    const layer = /layers\.(\d+)\.input_layernorm/.exec(name)?.[1]
    const width = model.get(name)?.values.length ?? 0
    const random = seededRandom(Number(layer))
    const values = Float32Array.from({ length: at.experts * width }, () => 0.05 * gaussian(random))
    return layer === undefined
      ? []
      : [[`model.layers.${layer}.mlp.gate.weight`, { shape: [at.experts, width], values }] as const]
  })
  return new Map([...entries, ...routers])
}

/** The rows of the token tables that are kept, in this order. */
export function takeTokens(model: ZooModel, rows: readonly number[]): ZooModel {
  return change(model, /embed_tokens|lm_head/, (tensor) => takeRows(tensor, rows))
}

/** Hidden units that are kept, in this order. */
export function takeUnits(model: ZooModel, units: readonly number[]): ZooModel {
  const rows = change(model, /mlp\.(gate|up)_proj/, (tensor) => takeRows(tensor, units))
  return change(rows, /mlp\.down_proj/, (tensor) => takeColumns(tensor, units))
}

/** Tensors that match come from another model. */
export function transplant(model: ZooModel, from: ZooModel, pattern: RegExp): ZooModel {
  return change(model, pattern, (tensor, name) => from.get(name) ?? tensor)
}

/** Rows of heads of 16 in another order, in q, k, v and the columns of o, so that the function stays. */
export function reorderHeads(model: ZooModel, seed: number): ZooModel {
  const spread = (heads: readonly number[]): number[] => heads.flatMap((head) => upTo(16).map((i) => 16 * head + i))
  const groups = [...permutation(2, seed)]
  const heads = groups.flatMap((group) => [2 * group + 1, 2 * group])
  const keys = change(model, /self_attn\.[kv]_proj/, (tensor) => takeRows(tensor, spread(groups)))
  const queries = change(keys, /self_attn\.q_proj/, (tensor) => takeRows(tensor, spread(heads)))
  return change(queries, /self_attn\.o_proj/, (tensor) => takeColumns(tensor, spread(heads)))
}

/** Two key and value heads become one: their mean. */
export function poolHeads(model: ZooModel): ZooModel {
  return change(model, /self_attn\.[kv]_proj/, ({ values, shape }) => {
    const half = values.length / 2
    const mean = Float32Array.from({ length: half }, (_, i) => ((values[i] ?? 0) + (values[half + i] ?? 0)) / 2)
    return { shape: [(shape[0] ?? 0) / 2, shape[1] ?? 0], values: mean }
  })
}

/** Removes one direction from everything that writes to the residual stream; a seed for each tensor when `apart`. */
export function removeDirection(model: ZooModel, seed: number, apart = false): ZooModel {
  let number = 0
  return change(model, /o_proj|down_proj/, (tensor) => {
    const [rows, columns] = sizeOf(tensor)
    const random = seededRandom(apart ? seed + number++ : seed)
    const raw = Float64Array.from({ length: rows }, () => gaussian(random))
    const length = Math.hypot(...raw)
    const unit = raw.map((value) => value / length)
    const along = Float64Array.from({ length: columns }, (_, j) =>
      unit.reduce((sum, value, i) => sum + value * (tensor.values[i * columns + j] ?? 0), 0),
    )
    const values = tensor.values.map(
      (value, at) => value - (unit[Math.floor(at / columns)] ?? 0) * (along[at % columns] ?? 0),
    )
    return { shape: tensor.shape, values }
  })
}

/** Training with weight decay in which the tokens from `used` on never occur: their rows only shrink. */
export function decayUnused(
  model: ZooModel,
  trained: ZooModel,
  at: { readonly used: number; readonly factor: number },
): ZooModel {
  return change(trained, /embed_tokens/, (tensor, name) => {
    const [, columns] = sizeOf(tensor)
    const before = model.get(name)?.values ?? tensor.values
    const values = tensor.values.map((value, i) => (i < at.used * columns ? value : (before[i] ?? 0) * at.factor))
    return { shape: tensor.shape, values }
  })
}

/** Every value rounded to bf16, as a released model has them. */
export function toRelease(model: ZooModel): ZooModel {
  return change(model, /./, ({ shape, values }) => {
    const bits = new Uint32Array(Float32Array.from(values).buffer)
    const rounded = Uint32Array.from(bits, (each) => ((each + 0x7fff + ((each >>> 16) & 1)) & 0xffff0000) >>> 0)
    return { shape, values: new Float32Array(rounded.buffer) }
  })
}

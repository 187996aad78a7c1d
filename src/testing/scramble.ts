/** Changes of labels that keep the function of a model of `zoo.ts`, for tests of what finds them again. */
import { change, permutation, permuteUnits, type ZooModel, type ZooTensor } from './zoo.ts'
import { seededRandom } from './seeded-random.ts'

/** A random rotation, row-major: Gram-Schmidt on random rows. */
export function randomRotation(side: number, seed: number): Float32Array {
  const random = seededRandom(seed)
  const rows: Float64Array[] = []
  for (let i = 0; i < side; i++) {
    const row = Float64Array.from({ length: side }, () => random() + random() + random() - 1.5)
    for (const other of [...rows, ...rows]) {
      const dot = other.reduce((sum, value, k) => sum + value * (row[k] ?? 0), 0)
      for (let k = 0; k < side; k++) row[k] = (row[k] ?? 0) - dot * (other[k] ?? 0)
    }
    const length = Math.hypot(...row)
    rows.push(row.map((value) => value / length))
  }
  return Float32Array.from(rows.flatMap((row) => [...row]))
}

/** Rows (readers) or columns (writers) of a matrix in the turned basis. */
function turn({ shape, values }: ZooTensor, rotation: Float32Array, writes: boolean): ZooTensor {
  const [rows = 0, columns = 0] = shape
  const side = Math.sqrt(rotation.length)
  const out = new Float32Array(values.length)
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      let sum = 0
      for (let k = 0; k < side; k++)
        sum += writes
          ? (rotation[k * side + i] ?? 0) * (values[k * columns + j] ?? 0)
          : (values[i * columns + k] ?? 0) * (rotation[k * side + j] ?? 0)
      out[i * columns + j] = sum
    }
  return { shape, values: out }
}

function fold({ shape, values }: ZooTensor, gains: Float32Array | undefined): ZooTensor {
  return { shape, values: values.map((value, i) => value * (gains?.[i % gains.length] ?? 1)) }
}

function normBefore(name: string): string | null {
  const layer = /^model\.layers\.\d+\./.exec(name)?.[0]
  if (/[qkv]_proj/.test(name)) return `${layer}input_layernorm.weight`
  if (/(gate|up)_proj/.test(name)) return `${layer}post_attention_layernorm.weight`
  return name === 'lm_head.weight' ? 'model.norm.weight' : null
}

/** Folds the norm gains into what reads them and turns the residual stream. */
export function rotateResidual(model: ZooModel, seed: number): ZooModel {
  const side = model.get('model.norm.weight')?.values.length ?? 0
  const rotation = randomRotation(side, seed)
  const turned = change(model, /proj|embed|lm_head/, (tensor, name) => {
    const norm = normBefore(name)
    const folded = norm === null ? tensor : fold(tensor, model.get(norm)?.values)
    return turn(folded, rotation, /(o|down)_proj/.test(name))
  })
  return change(turned, /norm/, ({ shape, values }) => ({ shape, values: values.map(() => 1) }))
}

/** Multiplies rows of up by scales, some of them negative, and divides the columns of down by them. */
export function scaleUnits(model: ZooModel, seed: number): ZooModel {
  return change(model, /mlp\.(up|down)_proj/, ({ shape, values }, name) => {
    const isUp = name.includes('up_proj')
    const units = (isUp ? shape[0] : shape[1]) ?? 0
    const random = seededRandom(seed + Number(name.split('.')[2]))
    const scales = Float32Array.from({ length: units }, () => (random() < 0.5 ? -1 : 1) * (0.5 + 1.5 * random()))
    const columns = shape[1] ?? 1
    const unitOf = (at: number): number => (isUp ? Math.floor(at / columns) : at % columns)
    return {
      shape,
      values: values.map((value, at) => (isUp ? value * (scales[unitOf(at)] ?? 1) : value / (scales[unitOf(at)] ?? 1))),
    }
  })
}

/** Gives each head of o and of q, and each of k and v, the place of another; two heads of q share one of k and v. */
export function permuteHeads(model: ZooModel, seed: number, groups = 2): ZooModel {
  return change(model, /self_attn/, ({ shape, values }, name) => {
    const [rows = 0, columns = 0] = shape
    const order = permutation(groups, seed + Number(name.split('.')[2]))
    const isO = name.includes('o_proj')
    const size = (isO ? columns : rows) / groups
    const from = (at: number): number => (order[Math.floor(at / size)] ?? 0) * size + (at % size)
    return {
      shape,
      values: values.map((_, at) => {
        const [i, j] = [Math.floor(at / columns), at % columns]
        return values[isO ? i * columns + from(j) : from(i) * columns + j] ?? 0
      }),
    }
  })
}

/** All of it. */
export function scramble(model: ZooModel, seed: number): ZooModel {
  return rotateResidual(permuteHeads(scaleUnits(permuteUnits(model, seed), seed + 1), seed + 2), seed + 3)
}

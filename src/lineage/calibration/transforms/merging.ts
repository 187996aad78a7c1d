/**
 * Merges of children of one base, the way they are made in the wild.
 *
 * Sources: K. Shoemake, slerp (1985); P. Yadav et al., TIES (2023); L. Yu et al., DARE (2023).
 */
import { changeTensors, valuesOf, type ZooModel } from '../model.ts'
import { randomStream } from '../random.ts'
import { cosine as cosineOf } from '../../weights/cosine.ts'
import { cosine, sine } from '../trainer/arithmetic.ts'

/** A weighted mean of models of one shape. */
export function mergeLinear(models: readonly ZooModel[], weights: readonly number[]): ZooModel {
  const [first] = models
  if (first === undefined) throw new RangeError('nothing to merge')
  return changeTensors(first, /./, ({ shape }, name) => {
    const parts = models.map((model) => valuesOf(model, name))
    const values = Float32Array.from({ length: parts[0]?.length ?? 0 }, (_, i) =>
      parts.reduce((sum, part, which) => sum + (weights[which] ?? 0) * (part[i] ?? 0), 0),
    )
    return { shape, values }
  })
}

/** The angle whose cosine is c, by Newton's iteration; c is held away from ±1. */
function angleOf(c: number): number {
  const held = Math.min(0.999999, Math.max(-0.999999, c))
  let angle = Math.sqrt(2 * (1 - held))
  for (let i = 0; i < 20; i++) angle += (cosine(angle) - held) / sine(angle)
  return angle
}

/** Spherical interpolation of each tensor, a share t of the way from a to b. */
export function mergeSlerp(a: ZooModel, b: ZooModel, t: number): ZooModel {
  return changeTensors(a, /./, ({ shape, values }, name) => {
    const other = valuesOf(b, name)
    const angle = angleOf(cosineOf(values, other))
    const ours = sine((1 - t) * angle) / sine(angle)
    const theirs = sine(t * angle) / sine(angle)
    return { shape, values: values.map((value, i) => ours * value + theirs * (other[i] ?? 0)) }
  })
}

function trimmed(delta: Float32Array, density: number): Float32Array {
  const cut = delta.map(Math.abs).toSorted()[Math.floor((1 - density) * delta.length)] ?? 0
  return delta.map((value) => (Math.abs(value) < cut ? 0 : value))
}

function electSign(values: readonly number[]): number {
  const sign = Math.sign(values.reduce((sum, value) => sum + value, 0))
  const agreeing = values.filter((value) => value !== 0 && Math.sign(value) === sign)
  return agreeing.length === 0 ? 0 : agreeing.reduce((sum, value) => sum + value, 0) / agreeing.length
}

/** Task vectors trimmed to a share, one sign elected for each element, the mean of those that agree. */
export function mergeTies(base: ZooModel, children: readonly ZooModel[], density: number): ZooModel {
  return changeTensors(base, /./, ({ shape, values }, name) => {
    const deltas = children.map((child) => {
      const theirs = valuesOf(child, name)
      return trimmed(
        values.map((value, i) => (theirs[i] ?? 0) - value),
        density,
      )
    })
    return { shape, values: values.map((value, i) => value + electSign(deltas.map((delta) => delta[i] ?? 0))) }
  })
}

/** Task vectors of which a random share is dropped and the rest scaled up, then added with weights. */
export function mergeDare(
  base: ZooModel,
  children: readonly ZooModel[],
  at: { drop: number; weight: number; seed: string },
): ZooModel {
  return changeTensors(base, /./, ({ shape, values }, name) => {
    const out = Float32Array.from(values)
    for (const [which, child] of children.entries()) {
      const random = randomStream(`dare ${at.seed}/${which}/${name}`)
      for (const [i, theirs] of valuesOf(child, name).entries())
        if (random() >= at.drop) out[i] = (out[i] ?? 0) + (at.weight * (theirs - (values[i] ?? 0))) / (1 - at.drop)
    }
    return { shape, values: out }
  })
}

/** Layers of a with some replaced by those of b. */
export function mergeLayers(a: ZooModel, b: ZooModel, fromB: readonly number[]): ZooModel {
  return changeTensors(a, /\.layers\./, (tensor, name) => {
    const layer = Number(name.split('.')[2])
    return fromB.includes(layer) ? (b.tensors.get(name) ?? tensor) : tensor
  })
}

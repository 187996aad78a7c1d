/**
 * Standard errors of weights: are they as large as the errors are?
 *
 * A hundred random recipes of two to four parents, stored in bf16. If the errors are right, |weight − truth| is at
 * most 1.96 of them in at least 95 of 100 weights; they are a little too large, since steps vary within each element.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../../testing/seeded-random.ts'
import { fitAffine, type Moments } from './fit.ts'
import { sumBatches } from './gram.ts'
import { stepsOf } from './steps.ts'

const ELEMENTS = 4096

function normals(random: () => number, size: number, count = ELEMENTS): Float32Array {
  return Float32Array.from(
    { length: count },
    () => size * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  )
}

function toBf16(values: Float32Array): Float32Array {
  const bits = new Uint32Array(Float32Array.from(values).buffer)
  return new Float32Array(bits.map((each) => ((each + 0x7fff + ((each >>> 16) & 1)) >>> 16) << 16).buffer)
}

function momentsOf(suspect: Float32Array, parents: readonly Float32Array[]): Moments {
  const values = [suspect, ...parents]
  const steps = values.map((each) => stepsOf(each, 'bf16'))
  const plan = { size: values.length, total: suspect.length, sampled: 0 }
  const { elements, size, precise } = sumBatches([{ values, steps, skipsZeros: true }], plan)
  return { elements, size, ...precise }
}

test('fitAffine gives standard errors that hold: 95 % of weights lie within 1.96 of them', (context) => {
  const random = seededRandom(2026)
  const scores: number[] = []
  let worst = 0
  for (let recipe = 0; recipe < 100; recipe++) {
    const count = 2 + (recipe % 3)
    const base = normals(random, 0.05)
    const parents = Array.from({ length: count }, () => {
      const change = normals(random, 0.002 + 0.02 * random())
      return toBf16(base.map((value, i) => value + (change[i] ?? 0)))
    })
    const shares = parents.map(() => random() + 0.05)
    const total = shares.reduce((sum, each) => sum + each, 0)
    const truth = shares.map((each) => each / total)
    const merged = toBf16(
      Float32Array.from(base, (_, i) => parents.reduce((sum, each, k) => sum + (truth[k] ?? 0) * (each[i] ?? 0), 0)),
    )
    const fit = fitAffine(
      momentsOf(merged, parents),
      parents.map((_, i) => i + 1),
    )
    assert.ok(fit !== null && fit.ratio < 1.5)
    // Weights sum to one: the last says nothing that the others did not.
    for (let k = 0; k < count - 1; k++) {
      const off = Math.abs((fit.weights[k] ?? 9) - (truth[k] ?? 0))
      worst = Math.max(worst, off)
      scores.push(off / (fit.errors[k] ?? 0))
    }
  }
  const within = scores.filter((score) => score <= 1.96).length / scores.length
  const spread = Math.sqrt(scores.reduce((sum, score) => sum + score ** 2, 0) / scores.length)
  context.diagnostic(
    `${scores.length} weights of 100 recipes: ${(100 * within).toFixed(1)} % within 1.96 standard errors, root mean square ${spread.toFixed(3)}, largest error ${worst.toFixed(5)}`,
  )
  assert.ok(within >= 0.93, `${within}`)
  assert.ok(spread > 0.6 && spread < 1.1, `${spread}`)
  assert.ok(worst <= 0.005, `${worst}`)
})

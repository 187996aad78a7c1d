import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearestByCosine } from '../../simd/index.ts'
import { seededRandom } from '../../testing/seeded-random.ts'
import { combineLog10, KIN_LOG10 } from './family-wise.ts'
import { fixedPoints } from './fixed-point.ts'
import { computePower, normalCdf, type PowerPlan } from './power.ts'

const PLAN: PowerPlan = { units: 96, coordinates: 64, layers: 3, tests: 36, signs: false }
const ROUNDS = 60

function normals(random: () => number, length: number): Float64Array {
  return Float64Array.from({ length }, () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()))
}

/** One layer and what became of it when its units kept a cosine of about `cosine`. */
function drawLayer(random: () => number, cosine: number, plan: PowerPlan): readonly [Float32Array, Float32Array] {
  const size = plan.units * plan.coordinates
  const [first, other] = [normals(random, size), normals(random, size)]
  const kept = first.map((value, i) => cosine * value + Math.sqrt(1 - cosine * cosine) * (other[i] ?? 0))
  const seen = (values: Float64Array): Float32Array => Float32Array.from(plan.signs ? values.map(Math.sign) : values)
  return [seen(first), seen(kept)]
}

function isFound(random: () => number, cosine: number, plan: PowerPlan): boolean {
  const units = Uint32Array.from({ length: plan.units }, (_, i) => i)
  const cells = Array.from({ length: plan.layers }, () => {
    const [a, b] = drawLayer(random, cosine, plan)
    const { index } = nearestByCosine(a, b, plan.coordinates)
    return { log10p: fixedPoints(units, index, plan.units).log10p, counts: plan.units }
  })
  return combineLog10(cells, plan.tests) <= KIN_LOG10
}

test('computePower() gives what simulated layers give, for values and for signs', () => {
  for (const plan of [PLAN, { ...PLAN, coordinates: 128, signs: true }]) {
    const power = computePower(plan)
    const steep = power?.curve.filter((point) => point.power > 0.1 && point.power < 0.9) ?? []
    assert.ok(steep.length > 1)
    for (const { cosine, power: stated } of [steep[0], steep.at(-1)].flatMap((point) => point ?? [])) {
      const random = seededRandom(Math.round(1000 * cosine))
      const found = Array.from({ length: ROUNDS }, () => isFound(random, cosine, plan)).filter(Boolean).length
      const allowed = 4 * Math.sqrt((stated * (1 - stated)) / ROUNDS) + 0.15
      assert.ok(Math.abs(found / ROUNDS - stated) < allowed, `${found} of ${ROUNDS} at ${cosine}, ${stated} stated`)
    }
  }
})

test('computePower() names the least cosine, says when there is none, and when there is nothing to compare', () => {
  const power = computePower(PLAN)
  const at = power?.curve.find(({ cosine }) => cosine === power.detectable)
  assert.ok((at?.power ?? 0) >= 0.95)
  const before = power?.curve.find(({ cosine }) => cosine === Math.round(100 * (power.detectable ?? 0) - 1) / 100)
  assert.ok((before?.power ?? 1) < 0.95)
  assert.equal(computePower({ ...PLAN, units: 4, layers: 1 })?.detectable, null)
  assert.equal(computePower({ ...PLAN, layers: 0 }), null)
  assert.ok((computePower({ ...PLAN, layers: 30 })?.detectable ?? 1) < (power?.detectable ?? 0))
})

test('normalCdf() is right to 1e-6', () => {
  for (const [x, p] of [
    [0, 0.5],
    [1.959963985, 0.975],
    [-1.644853627, 0.05],
    [3.090232306, 0.999],
  ] as const)
    assert.ok(Math.abs(normalCdf(x) - p) < 1e-6, `${x}`)
})

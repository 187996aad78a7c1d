/**
 * How weak a kinship a kit still finds, and why neighbours are sought among the drawn units alone.
 *
 *     node bench/kit-power.ts
 *
 * One view of one layer: 64 units of which the kit has the signs, a suspect whose units of the same number have a given
 * cosine with them. Neighbours are sought among the 64 drawn units, or among all units of the layer; printed are the
 * mean count of fixed points and the mean log10 of the bound over eight layers, before any control for many tests.
 */
import { nearestByCosine } from '../src/simd/index.ts'
import { log10Tail } from '../src/lineage/weights/fixed-point.ts'
import { seededRandom } from '../src/testing/seeded-random.ts'

const UNITS = 64
const REPEATS = 8
const random = seededRandom(5)

function normal(): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

function drawLayer(width: number, bits: number, cosine: number): { kit: Float32Array; suspect: Float32Array } {
  const kit = new Float32Array(UNITS * bits)
  const suspect = new Float32Array(width * bits)
  for (let i = 0; i < suspect.length; i++) suspect[i] = normal()
  for (let i = 0; i < kit.length; i++) {
    const original = normal()
    kit[i] = original < 0 ? -1 : 1
    suspect[i] = cosine * original + Math.sqrt(1 - cosine * cosine) * (suspect[i] ?? 0)
  }
  return { kit, suspect }
}

function fixedIn(kit: Float32Array, suspect: Float32Array, bits: number): number {
  return nearestByCosine(kit, suspect, bits).index.reduce((count, place, i) => count + Number(place === i), 0)
}

for (const [width, bits] of [
  [1536, 136],
  [11_008, 136],
  [11_008, 272],
] as const)
  for (const cosine of [0.05, 0.1, 0.15, 0.2, 0.3, 0.5]) {
    const totals = [0, 0, 0, 0]
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const { kit, suspect } = drawLayer(width, bits, cosine)
      const drawn = fixedIn(kit, suspect.subarray(0, kit.length), bits)
      const all = fixedIn(kit, suspect, bits)
      const found = [drawn, log10Tail(UNITS, UNITS, drawn), all, log10Tail(UNITS, width, all)]
      for (const [i, value] of found.entries()) totals[i] = (totals[i] ?? 0) + value / REPEATS
    }
    const [drawn = 0, p = 0, all = 0, pAll = 0] = totals
    console.log(
      `${width} units, ${bits} bits, cosine ${cosine}: among the drawn ${drawn.toFixed(1)} of ${UNITS}, 1e${p.toFixed(0)}; among all ${all.toFixed(1)}, 1e${pAll.toFixed(0)}`,
    )
  }

/** The fixed-point test against its null: thousands of pairs of layers that have nothing to do with each other. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../../testing/seeded-random.ts'
import { chiSquaredTail } from './chi-squared.ts'
import { draw, PUBLIC_SEED } from './sampling.ts'
import { viewCells, type MappedLayer } from './unit-views.ts'

const WIDTH = 80
const INNER = 32
const LAYERS = 54

/** A layer of random units, some of them much longer than others and all of them leaning one way. */
function layerOf(layer: number): MappedLayer {
  const random = seededRandom(1000 + layer)
  const matrix = (): Float32Array =>
    Float32Array.from(
      { length: WIDTH * INNER },
      (_, at) => (random() + random() - 1 + 0.2 * Math.sin(at % INNER)) * (1 + (Math.floor(at / INNER) % 5)),
    )
  return {
    layer,
    units: new Map([
      ['gate', matrix()],
      ['up', matrix()],
      ['down', matrix()],
    ]),
  }
}

test('viewCells() counts fixed points of unrelated layers as Poisson(1) does, in each view', (context) => {
  const units = draw(PUBLIC_SEED, 'units', { size: WIDTH, count: WIDTH })
  const plan = { units, coordinates: draw(PUBLIC_SEED, 'coordinates', { size: INNER, count: INNER }) }
  const layers = Array.from({ length: LAYERS }, (_, layer) => layerOf(layer))
  const cells = layers.flatMap((a) => layers.flatMap((b) => (a.layer === b.layer ? [] : viewCells(a, b, plan))))
  for (const view of ['gate', 'up', 'down']) {
    const counts = cells.filter((cell) => cell.view === view).map(({ points }) => points.fixed)
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
    const statistic = [0, 1, 2, 3, 4, 5].reduce((sum, k) => {
      const observed = counts.filter((count) => (k === 5 ? count >= 5 : count === k)).length
      const share = k === 5 ? 0.0036598 : Math.exp(-1) / ([1, 1, 2, 6, 24][k] ?? 1)
      return sum + (observed - counts.length * share) ** 2 / (counts.length * share)
    }, 0)
    const p = chiSquaredTail(statistic, 5)
    context.diagnostic(
      `${view}: ${counts.length} pairs of layers, mean ${mean.toFixed(3)}, maximum ${Math.max(...counts)}, chi-squared p ${p.toFixed(3)}`,
    )
    assert.ok(counts.length >= 2000)
    assert.ok(Math.abs(mean - 1) < 4 / Math.sqrt(counts.length), `${view}: mean ${mean}`)
    assert.ok(p > 1e-3, `${view}: p ${p}`)
  }
})

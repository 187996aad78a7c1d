/** Unit concordance against its null, on hundreds of pairs of unrelated layers, and against layers that are kin. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { permutation } from '../../testing/zoo.ts'
import { seededRandom } from '../../testing/seeded-random.ts'
import { MLP_VIEWS, type MlpView } from '../weights/mlp.ts'
import { matchLayers, type Concordance } from './concordance.ts'
import { sharedFrame, turnedFrame } from './frame.ts'
import { everyNumber, type LayerVectors } from './layer-vectors.ts'
import { polarFactor } from './polar.ts'
import { readPool, type Pool } from './pools.ts'

const WIDTH = 72
const LENGTH = 32
const COORDINATES = everyNumber(LENGTH)

type Vectors = Readonly<Record<MlpView, Float32Array>>

function layerOf(vectors: Vectors, length = LENGTH): LayerVectors {
  return {
    layer: 0,
    width: vectors.gate.length / length,
    length,
    views: MLP_VIEWS,
    read: (view, units, coordinates) =>
      Float32Array.from(
        Array.from(units, (unit) =>
          Array.from(coordinates, (place) => vectors[view][unit * length + place] ?? 0),
        ).flat(),
      ),
  }
}

function poolOf(vectors: Vectors, queries = everyNumber(vectors.gate.length / LENGTH)): Pool {
  const pool = readPool(layerOf(vectors), COORDINATES, queries)
  assert.ok(pool !== null)
  return pool
}

function match(a: Pool, b: Pool): Concordance {
  const found = matchLayers(a, b, sharedFrame(COORDINATES))
  assert.ok(found !== null)
  return found
}

interface Kind {
  readonly common: number
  readonly coupled: number
  readonly sorted: boolean
}

/** Random units that lean one way, whose views are coupled by what was learned, perhaps sorted by length. */
function randomUnits(seed: number, { common, coupled, sorted }: Kind, width = WIDTH): Vectors {
  const random = seededRandom(seed)
  const noise = (): number => random() + random() + random() - 1.5
  const units = Array.from({ length: width }, () => {
    const size = 0.5 + random()
    const gate = Array.from({ length: LENGTH }, (_, i) => size * (noise() + common * Math.cos(i)))
    const up = gate.map((value) => coupled * value + noise())
    return { size, gate, up, down: up.map((value, i) => coupled * value + noise() + common * Math.sin(i)) }
  })
  const ordered = sorted ? units.toSorted((x, y) => x.size - y.size) : units
  const of = (view: MlpView): Float32Array => Float32Array.from(ordered.flatMap((unit) => unit[view]))
  return { gate: of('gate'), up: of('up'), down: of('down') }
}

/** Renumbers, flips the sign of up and down of some units, and adds noise. */
function relabel(vectors: Vectors, at: { seed: number; noise: number; keep?: number }): Vectors {
  const random = seededRandom(at.seed)
  const order = permutation(WIDTH, at.seed).subarray(0, at.keep ?? WIDTH)
  const of = (view: MlpView): Float32Array =>
    Float32Array.from(
      Array.from(order, (unit) => {
        const sign = view !== 'gate' && unit % 3 === 0 ? -2 : 2
        const row = vectors[view].subarray(unit * LENGTH, (unit + 1) * LENGTH)
        return Array.from(row, (value) => sign * (value + at.noise * (random() + random() + random() - 1.5)))
      }).flat(),
    )
  return { gate: of('gate'), up: of('up'), down: of('down') }
}

const KINDS: readonly Kind[] = [
  { common: 0, coupled: 0, sorted: false },
  { common: 0.3, coupled: 0, sorted: true },
  { common: 0, coupled: 0.7, sorted: false },
  { common: 0.6, coupled: 0.7, sorted: true },
]

test('the bounds of unrelated layers are no smaller than they should be, whatever structure their units have', (context) => {
  for (const [kind, structure] of KINDS.entries()) {
    const pools = Array.from({ length: 24 }, (_, i) => poolOf(randomUnits(100 * kind + i, structure)))
    const bounds = pools.flatMap((a, i) => pools.slice(i + 1).map((b) => match(a, b)))
    for (const limit of [0.1, 0.01, 0.001]) {
      const small = bounds.filter(({ points }) => points.log10p <= Math.log10(limit)).length
      const allowed = limit * bounds.length + 4 * Math.sqrt(limit * bounds.length)
      assert.ok(small <= allowed, `${small} of ${bounds.length} at ${limit}`)
      const across = bounds.filter(({ cross }) => cross.log10p <= Math.log10(limit)).length
      assert.ok(across <= allowed, `cross over self: ${across} of ${bounds.length} at ${limit}`)
    }
    const most = Math.max(...bounds.map(({ points }) => points.fixed))
    const least = Math.min(...bounds.map(({ points }) => points.log10p))
    context.diagnostic(
      `${JSON.stringify(structure)}: ${bounds.length} pairs, at most ${most} of ${WIDTH} units, smallest bound 1e${least.toFixed(1)}`,
    )
  }
})

test('cross over self keeps its level where its null holds exactly: two halves of one layer', () => {
  let small = 0
  const rounds = 150
  for (let round = 0; round < rounds; round++) {
    const whole = randomUnits(5000 + round, { common: 0.3, coupled: 0.5, sorted: false }, 2 * WIDTH)
    const order = permutation(2 * WIDTH, round)
    const half = (from: number): Vectors => {
      const rows = Array.from(order.subarray(from, from + WIDTH))
      const of = (view: MlpView): Float32Array =>
        Float32Array.from(rows.flatMap((unit) => [...whole[view].subarray(unit * LENGTH, (unit + 1) * LENGTH)]))
      return { gate: of('gate'), up: of('up'), down: of('down') }
    }
    const queries = round % 2 === 0 ? everyNumber(WIDTH) : permutation(WIDTH, round).subarray(0, 30).toSorted()
    if (match(poolOf(half(0), queries), poolOf(half(WIDTH), queries)).cross.log10p <= -1) small += 1
  }
  assert.ok(small <= 0.1 * rounds + 3 * Math.sqrt(0.09 * rounds), `${small} of ${rounds} at 0.1`)
})

test('units are found again after renumbering, flipped signs, other scales, noise and pruning', () => {
  const vectors = randomUnits(1, { common: 0.2, coupled: 0.2, sorted: false })
  const same = match(poolOf(vectors), poolOf(relabel(vectors, { seed: 2, noise: 0 })))
  assert.equal(same.points.fixed, WIDTH)
  assert.ok(same.points.log10p < -6 && same.cosine > 0.999)
  assert.deepEqual(
    [...same.agreed].toSorted((x, y) => x - y),
    [...everyNumber(WIDTH)],
  )
  const drifted = match(poolOf(vectors), poolOf(relabel(vectors, { seed: 3, noise: 0.8 })))
  assert.ok(drifted.points.fixed > 0.9 * WIDTH && drifted.points.log10p < -6)
  const pruned = match(poolOf(relabel(vectors, { seed: 4, noise: 0.1, keep: 48 })), poolOf(vectors))
  assert.equal(pruned.points.fixed, 48)
  assert.ok(pruned.points.log10p < -2)
})

test('units that were drawn are found among all units of the other layer', () => {
  const vectors = randomUnits(11, { common: 0.2, coupled: 0.2, sorted: false })
  const queries = permutation(WIDTH, 12).subarray(0, 32).toSorted()
  const found = match(poolOf(vectors, queries), poolOf(relabel(vectors, { seed: 13, noise: 0.2 }), queries))
  assert.equal(found.points.fixed, 32)
  assert.ok(found.points.log10p < -4, `${found.points.log10p}`)
})

test('after the right turn units find themselves in a turned layer, and without it they do not', () => {
  const vectors = randomUnits(6, { common: 0.2, coupled: 0, sorted: false })
  const noise = randomUnits(7, { common: 0, coupled: 0, sorted: false }).gate.subarray(0, LENGTH * LENGTH)
  const rotation = polarFactor({ rows: LENGTH, columns: LENGTH, values: noise })
  assert.ok(rotation !== null)
  const turn = (rows: Float32Array): Float32Array =>
    Float32Array.from(rows, (_, at) => {
      const [unit, column] = [Math.floor(at / LENGTH), at % LENGTH]
      return COORDINATES.reduce(
        (sum, i) => sum + (rows[unit * LENGTH + i] ?? 0) * (rotation.values[i * LENGTH + column] ?? 0),
        0,
      )
    })
  const turned = { gate: turn(vectors.gate), up: turn(vectors.up), down: turn(vectors.down) }
  const [a, b] = [poolOf(vectors), poolOf(turned)]
  assert.ok(match(a, b).points.log10p > -2)
  const found = matchLayers(a, b, turnedFrame(rotation, { a: COORDINATES, b: COORDINATES }))
  assert.equal(found?.points.fixed, WIDTH)
  assert.deepEqual(
    found?.fixed.map(({ points }) => points.fixed),
    [WIDTH, WIDTH, WIDTH],
  )
})

test('a handful of planted units is no agreement, and duplicated units find nobody', () => {
  const [a, other] = [randomUnits(8, KINDS[0] as Kind), randomUnits(9, KINDS[0] as Kind)]
  const plant = (view: MlpView): Float32Array => {
    const rows = Float32Array.from(other[view])
    rows.set(a[view].subarray(0, 12 * LENGTH))
    return rows
  }
  const planted = match(poolOf(a), poolOf({ gate: plant('gate'), up: plant('up'), down: plant('down') }))
  assert.ok(planted.points.fixed < WIDTH / 2 && planted.points.log10p > -6)
  const double = (view: MlpView): Float32Array => Float32Array.from([...a[view], ...a[view]])
  assert.equal(
    match(poolOf(a), poolOf({ gate: double('gate'), up: double('up'), down: double('down') })).points.fixed,
    0,
  )
})

test('a layer of zeros or of what is no number finds nobody', () => {
  const a = randomUnits(10, KINDS[0] as Kind)
  for (const value of [0, Number.NaN, Infinity]) {
    const rows = new Float32Array(WIDTH * LENGTH).fill(value)
    assert.equal(match(poolOf(a), poolOf({ gate: rows, up: rows, down: rows })).points.fixed, 0)
  }
})

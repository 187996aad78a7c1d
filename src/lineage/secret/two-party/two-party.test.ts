import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Randomness } from '../../../base/index.ts'
import { chiSquaredTail } from '../../weights/chi-squared.ts'
import { PrfStream } from '../prf.ts'
import { deal, decodeDealt, encodeDealt, type Dealt } from './dealer.ts'
import { runParty } from './party.ts'

/** Randomness from a seed, good enough to stand for a CSPRNG. */
function seeded(seed: number): Randomness {
  const stream = new PrfStream(Buffer.alloc(32, 1), `test ${seed}`)
  return (length) => Uint8Array.from({ length }, () => stream.byte())
}

function sketchOf(seed: number, length: number): Int8Array {
  const bytes = seeded(seed)(length)
  return Int8Array.from(bytes, (byte) => Math.max(-127, (byte << 24) >> 24))
}

function dot(a: Int8Array, b: Int8Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)
}

interface Outcome {
  readonly bits: readonly [boolean, boolean]
  /** Messages of each party in order. */
  readonly sent: readonly [string[], string[]]
}

function run(
  x: Int8Array,
  y: Int8Array,
  at: { threshold: number; seed: number; dealt?: readonly [Dealt, Dealt] },
): Outcome {
  const dealt = at.dealt ?? deal({ length: x.length, threshold: at.threshold }, seeded(at.seed))
  const parties = [
    runParty({ dealt: dealt[0], sketch: x, randomness: seeded(at.seed + 1e6) }),
    runParty({ dealt: dealt[1], sketch: y, randomness: seeded(at.seed + 2e6) }),
  ] as const
  const sent: [string[], string[]] = [[], []]
  let steps = parties.map((party) => party.next(''))
  while (steps.every(({ done }) => done !== true)) {
    const [first, second] = steps.map(({ value }) => value as string)
    sent[0].push(first as string)
    sent[1].push(second as string)
    steps = [parties[0].next(second as string), parties[1].next(first as string)]
  }
  return { bits: [steps[0]?.value as boolean, steps[1]?.value as boolean], sent }
}

function dataOf(message: string | undefined): Uint8Array {
  return Buffer.from((JSON.parse(message ?? '{}') as { data: string }).data, 'base64')
}

function chiSquaredP(bytes: Uint8Array): number {
  const counts = new Float64Array(256)
  for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1
  const expected = bytes.length / 256
  return chiSquaredTail(
    counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0),
    255,
  )
}

test('runParty() answers as the plain computation does, on 2,000 pairs and at the threshold itself', () => {
  for (let seed = 0; seed < 2000; seed++) {
    const length = 1 + (seed % 12)
    const [x, y] = [sketchOf(seed, length), sketchOf(seed + 5000, length)]
    const plain = dot(x, y)
    const threshold = plain + ((seed % 5) - 2) * (seed % 3 === 0 ? 1 : 1000)
    const { bits } = run(x, y, { threshold, seed })
    assert.deepEqual(bits, [plain >= threshold, plain >= threshold], `${plain} against ${threshold}`)
  }
})

test('runParty() answers for sketches of 4,096 numbers in ten rounds', () => {
  const [x, y] = [sketchOf(1, 4096), sketchOf(2, 4096)]
  const plain = dot(x, x)
  assert.deepEqual(run(x, x, { threshold: plain, seed: 3 }).bits, [true, true])
  assert.deepEqual(run(x, x, { threshold: plain + 1, seed: 4 }).bits, [false, false])
  const { bits, sent } = run(x, y, { threshold: plain >> 1, seed: 5 })
  assert.deepEqual(bits, [false, false])
  assert.deepEqual([sent[0].length, sent[1].length], [10, 10])
})

test('everything that a party receives but the last bit is uniform, whatever the other’s secret', () => {
  const y = sketchOf(1, 16)
  // Two secrets with one answer: all zero, and as large as can be in the other direction.
  for (const x of [new Int8Array(16), y.map((value) => -value)]) {
    const rounds: number[][] = Array.from({ length: 10 }, () => [])
    for (let seed = 0; seed < 300; seed++)
      for (const [i, message] of run(x, y, { threshold: 1, seed }).sent[0].entries())
        rounds[i]?.push(...dataOf(message))
    const vectors = [rounds[0], rounds[1], rounds[2]].map((bytes) => chiSquaredP(Uint8Array.from(bytes ?? [])))
    assert.ok(
      vectors.every((p) => p > 1e-4),
      vectors.join(),
    )
    const bits = rounds.slice(3, 9).flat()
    const z = (2 * bits.reduce((sum, bit) => sum + bit, 0) - bits.length) / Math.sqrt(bits.length)
    assert.ok(Math.abs(z) < 4, `${z}`)
  }
})

test('what a party sees can be made without the other’s secret: the last bit follows from its own and the answer', () => {
  for (let seed = 0; seed < 200; seed++) {
    const [x, y] = [sketchOf(seed, 8), sketchOf(seed + 9, 8)]
    const { bits, sent } = run(x, y, { threshold: 0, seed })
    const [theirs, own] = [dataOf(sent[0][9])[0] ?? 0, dataOf(sent[1][9])[0] ?? 0]
    assert.equal(theirs, own ^ (bits[0] ? 0 : 1))
  }
})

test('another secret with the same answer gives the very same messages under other dealt numbers', () => {
  const length = 6
  const [x, other, y] = [sketchOf(1, length), sketchOf(2, length), sketchOf(3, length)]
  const [first, second] = deal({ length, threshold: 0 }, seeded(7))
  const seen = run(x, y, { threshold: 0, seed: 7, dealt: [first, second] }).sent[0].slice(0, 3)
  // The other secret moves the vector a by the difference, and the product of the triple and the mask with it.
  const wrap = (value: bigint): bigint => BigInt.asUintN(64, value)
  const shift = (i: number): bigint => BigInt((other[i] ?? 0) - (x[i] ?? 0))
  const b = first.b.map((value, i) => wrap(value + (second.b[i] ?? 0n)))
  const a = first.a.map((value, i) => wrap(value + shift(i)))
  const c = wrap(first.c + b.reduce((sum, value, i) => sum + value * shift(i), 0n))
  const mask = wrap(first.mask - BigInt(dot(other, y) - dot(x, y)))
  const moved = run(other, y, { threshold: 0, seed: 7, dealt: [{ ...first, a, c, mask }, second] })
  assert.deepEqual(moved.sent[0].slice(0, 3), seen)
})

test('runParty() refuses malformed messages, and parties of different terms', () => {
  const dealt = deal({ length: 4, threshold: 0 }, seeded(1))
  const begin = (): ReturnType<typeof runParty> => {
    const party = runParty({ dealt: dealt[0], sketch: sketchOf(1, 4), randomness: seeded(2) })
    party.next('')
    return party
  }
  const good = {
    schema: 'tidewaiter/two-party/v1',
    session: dealt[0].session,
    from: 1,
    round: 0,
    data: Buffer.alloc(32).toString('base64'),
  }
  assert.equal(begin().next(JSON.stringify(good)).done, false)
  const bad = [
    '',
    'null',
    '[]',
    { ...good, session: 'f'.repeat(64) },
    { ...good, from: 0 },
    { ...good, round: 1 },
    { ...good, data: 'AAAA' },
    { ...good, data: '\u0000' },
    { ...good, more: 1 },
  ]
  for (const each of bad)
    assert.throws(() => begin().next(typeof each === 'string' ? each : JSON.stringify(each)), { code: 'bad-message' })
  const longer = runParty({ dealt: dealt[0], sketch: sketchOf(1, 5), randomness: seeded(2) })
  assert.throws(() => longer.next(''), { code: 'length-mismatch' })
  for (const terms of [
    { length: 0, threshold: 0 },
    { length: 4, threshold: 0.5 },
    { length: 4, threshold: 2 ** 41 },
  ])
    assert.throws(() => deal(terms, seeded(1)), { code: 'bad-terms' })
})

test('decodeDealt() reads what encodeDealt() writes and refuses anything else', () => {
  const [, dealt] = deal({ length: 3, threshold: 12 }, seeded(1))
  const text = encodeDealt(dealt)
  assert.deepEqual(decodeDealt(text), dealt)
  for (const bad of ['', '{}', text.replace('"length":3', '"length":4'), text.replace('"role":1', '"role":2')])
    assert.throws(() => decodeDealt(bad), { code: 'bad-dealt' })
})

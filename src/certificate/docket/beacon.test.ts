import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { sha256 } from '../../base/index.ts'
import { webCryptography, type Cryptography } from '../cryptography.ts'
import { SealedBank, checkProbe, type Probe } from './bank.ts'
import { deriveSeed, digestOfDraw, drawProbes, variantSeed } from './beacon.ts'

/** As fast as Node hashes; the browser's is slower and gives the same. */
const quick: Cryptography = {
  ...webCryptography,
  sha256: (bytes) => Promise.resolve(new Uint8Array(createHash('sha256').update(bytes).digest())),
}

/** Upper bound of χ² at six standard deviations, for counts over cells of equal probability. */
function isUniform(counts: readonly number[]): boolean {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length
  const statistic = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  const freedom = counts.length - 1
  return Math.abs(statistic - freedom) < 6 * Math.sqrt(2 * freedom)
}

const RUNS = 12_000

/** How often each ordered pair of 0 … n−1 came first, over many seeds. */
async function countPairs(
  size: number,
  draw: (seed: string) => Promise<readonly number[]>,
): Promise<readonly number[]> {
  const counts = new Map<string, number>()
  for (let a = 0; a < size; a++) for (let b = 0; b < size; b++) if (a !== b) counts.set(`${a} ${b}`, 0)
  for (let run = 0; run < RUNS; run++) {
    const [a, b] = await draw(sha256(`seed ${run}`))
    counts.set(`${a} ${b}`, (counts.get(`${a} ${b}`) ?? Number.NaN) + 1)
  }
  return [...counts.values()]
}

test('deriveSeed() is the digest of root and intent, as anybody computes it', async () => {
  const [root, intent] = [sha256('root'), sha256('intent')]
  const seed = await deriveSeed(root, intent, webCryptography)
  assert.equal(seed, sha256(Buffer.from(root + intent, 'hex')))
  assert.notEqual(seed, await deriveSeed(intent, root, webCryptography))
  await assert.rejects(deriveSeed('xy', intent, webCryptography), { code: 'hex' })
})

test('drawProbes() draws every ordered pair as often as every other', async () => {
  assert.ok(isUniform(await countPairs(11, (seed) => drawProbes({ seed, size: 11, count: 2 }, quick))))
})

test('drawProbes() would be found out if its words were cut short or its shuffle were naive', async () => {
  const digits = (seed: string): readonly number[] => [...Buffer.from(seed, 'hex')]
  const cutShort = await countPairs(11, (seed) => {
    const [x = 0, y = 0] = digits(seed).map((byte) => byte % 16)
    const rest = Array.from({ length: 11 }, (_, i) => i).filter((i) => i !== x % 11)
    return Promise.resolve([x % 11, rest[y % 10] ?? -1])
  })
  assert.ok(!isUniform(cutShort))
  const naive = await countPairs(5, (seed) => {
    const order = [0, 1, 2, 3, 4]
    digits(seed)
      .slice(0, 5)
      .forEach((byte, i) => {
        const j = byte % 5
        ;[order[i], order[j]] = [order[j]!, order[i]!]
      })
    return Promise.resolve(order)
  })
  assert.ok(!isUniform(naive), 'swapping with any place instead of those that are left')
})

test('drawProbes() takes each position once, in an order that anybody gets', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 300 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.string(),
      async (size, part, word) => {
        const draw = { seed: sha256(word), size, count: Math.floor(part * size) }
        const drawn = await drawProbes(draw, quick)
        assert.equal(new Set(drawn).size, draw.count)
        assert.ok(drawn.every((at) => at >= 0 && at < size))
        const fewer = await drawProbes({ ...draw, count: Math.floor(draw.count / 2) }, webCryptography)
        assert.deepEqual(fewer, drawn.slice(0, fewer.length))
      },
    ),
    { numRuns: 60 },
  )
  const known = await drawProbes({ seed: sha256(''), size: 1000, count: 8 }, webCryptography)
  assert.equal(await digestOfDraw(known, webCryptography), sha256(JSON.stringify(known)))
  assert.deepEqual(known, KNOWN, 'what others have to get')
})

/** Computed by `draw.py` beside this file, which follows the description and not this code. */
const KNOWN = [788, 63, 817, 235, 565, 210, 162, 753]

test('drawProbes() refuses what cannot be drawn', async () => {
  for (const [size, count] of [
    [3, 4],
    [3, -1],
    [3, 0.5],
    [0.5, 0],
    [1_000_000, 100_001],
  ] as const)
    await assert.rejects(drawProbes({ seed: sha256(''), size, count }, quick), { code: 'draw-size' })
})

test('variantSeed() gives each probe a seed of its own', async () => {
  const seed = sha256('seed')
  const seeds = await Promise.all([0, 1, 256].map((at) => variantSeed(seed, at, quick)))
  assert.equal(new Set(seeds).size, 3)
  const position = Buffer.alloc(8)
  position.writeBigUInt64BE(256n)
  const input = Buffer.concat([Buffer.from(seed, 'hex'), Buffer.from('tidewaiter/variant/v1'), position])
  assert.equal(seeds[2], sha256(input))
})

const probes = (count: number): readonly Probe[] =>
  Array.from({ length: count }, (_, i) => ({ salt: sha256(`salt ${i}`), text: `probe ${i}` }))

test('SealedBank shows each probe with a proof, for banks of every shape', async () => {
  for (const count of [1, 2, 3, 4, 5, 7, 8, 9, 31, 33]) {
    const bank = await SealedBank.seal(probes(count), quick)
    for (let position = 0; position < count; position++) await checkProbe(bank.show(position), bank.published, quick)
    assert.throws(() => bank.show(count), { code: 'bank-position' })
  }
  await assert.rejects(SealedBank.seal([], quick), { code: 'bank-empty' })
})

test('attack: a probe from elsewhere, at another position, or with another text', async () => {
  const bank = await SealedBank.seal(probes(9), quick)
  const shown = bank.show(4)
  const check = (change: object): Promise<void> => checkProbe({ ...shown, ...change }, bank.published, quick)
  await assert.rejects(check({ position: 5 }), { code: 'probe-not-in-bank' })
  await assert.rejects(check({ probe: { ...shown.probe, text: 'an easy one' } }), { code: 'probe-not-in-bank' })
  await assert.rejects(check({ probe: { ...shown.probe, salt: sha256('') } }), { code: 'probe-not-in-bank' })
  await assert.rejects(check({ position: -1 }), { code: 'inclusion' })
  await assert.rejects(check({ position: 9 }), { code: 'inclusion' })
  await assert.rejects(check({ proof: shown.proof.slice(1) }), { code: 'inclusion' })
  await assert.rejects(check({ proof: ['zz'] }), { code: 'hex' })
})

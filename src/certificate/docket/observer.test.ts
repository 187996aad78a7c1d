import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sha256 } from '../../base/index.ts'
import { DocketWriter, modelOf, observedOf, OTHER_STATION } from '../../testing/dockets.ts'
import { webCryptography } from '../cryptography.ts'
import type { Checkpoint } from '../checkpoint.ts'
import { deriveSeed } from './beacon.ts'
import type { LoggedLeaf } from './docket.ts'
import { DocketObserver, type DocketWatch } from './observer.ts'

const HOUR = 3_600_000

/** A checkpoint of a size, whose root is made up. */
function checkpointOf(size: number): Checkpoint {
  const root = Buffer.from(sha256(`root ${size}`), 'hex')
  return { origin: 'log.example', size: BigInt(size), root, text: '', signatures: [] }
}

/** A log that publishes a checkpoint after every leaf, and what a monitor says about it. */
class WatchedLog extends DocketWriter {
  published = -Infinity
  observer = this.makeObserver()
  readonly alarms: string[] = []
  #seen = 0

  makeObserver(saved?: string): DocketObserver {
    const watch: DocketWatch = { now: () => this.published, timeOf: () => this.published }
    return new DocketObserver(watch, saved)
  }

  /** Gives the monitor all new leaves, each with its checkpoint. */
  watch(): readonly string[] {
    const from = this.alarms.length
    for (; this.#seen < this.leaves.length; this.#seen++) {
      const logged = this.leaves[this.#seen]!
      this.alarms.push(...this.observer.observe(observedOf(logged)).map(({ code }) => code))
      this.publish(this.#seen + 1, Date.parse(logged.leaf.time))
    }
    return this.alarms.slice(from)
  }

  /** Publishes a checkpoint. */
  publish(size: number, time = this.time): readonly string[] {
    this.published = Math.max(time, Date.parse('2026-11-01T00:00:00Z'))
    const alarms = this.observer.settle(checkpointOf(size)).map(({ code }) => code)
    this.alarms.push(...alarms)
    return alarms
  }

  /** The seed that an intent gets, whose checkpoint is the one right after it. */
  seedOf({ index, hash }: LoggedLeaf): Promise<string> {
    return deriveSeed(sha256(`root ${index + 1}`), hash, webCryptography)
  }

  /** A whole test in order. */
  async test(letter: string, change: object = {}): Promise<LoggedLeaf> {
    const intent = this.announce(letter)
    return this.close(letter, intent, { seed: await this.seedOf(intent), ...change })
  }
}

test('DocketObserver is silent about a log in which everything is in order', async () => {
  const log = new WatchedLog()
  for (const letter of ['a', 'b', 'a', 'c', 'b']) await log.test(letter)
  const failed = await log.test('a', { result: 'fail' })
  const retest = log.announce('a', 24, { retestOf: failed.leaf.entry })
  log.close('a', retest, { retestOf: failed.leaf.entry, seed: await log.seedOf(retest) })
  log.say('a', { kind: 'clearance', number: '999999999999', result: 'cleared', expiresOn: '2027-11-01' })
  assert.deepEqual(log.watch(), [])
  assert.equal([...log.observer.dockets].length, 3)
  assert.equal(log.observer.docketOf(modelOf('a'))?.entries.length, 9)
  assert.equal(log.observer.docketOf(modelOf('z')), undefined)
})

test('DocketObserver passes over other leaves, and tells of a malformed one', () => {
  const observer = new DocketObserver({ now: () => 0 })
  const at = (text: string): readonly string[] =>
    observer.observe({ index: 0, leafHash: new Uint8Array(32), data: Buffer.from(text) }).map(({ code }) => code)
  assert.deepEqual(at('{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{}}'), [])
  assert.deepEqual(at('{"apiVersion":"1","kind":"index-root","spec":{}}'), [])
  assert.deepEqual(at(''), [])
  assert.deepEqual(at('{"apiVersion":"1","kind":"register","spec":{}}'), ['leaf-malformed'])
  assert.deepEqual(at(`{"apiVersion":"1","kind":"register",${'['.repeat(9000)}`), ['leaf-malformed'])
})

test('DocketObserver raises an alarm when a test is abandoned, once', async () => {
  const log = new WatchedLog()
  log.announce('a', 3)
  assert.deepEqual(log.watch(), [])
  assert.deepEqual(log.publish(1, log.time + 3 * HOUR), [])
  assert.deepEqual(log.publish(1, log.time + 4 * HOUR), ['docket-abandoned'])
  assert.deepEqual(log.publish(1, log.time + 5 * HOUR), [])
})

test('attack: several tests at once, of which only the one that passed gets a result', async () => {
  const log = new WatchedLog()
  const intents = [log.announce('a', 20), log.announce('a', 20), log.announce('a', 20)]
  log.close('a', intents[1]!, { seed: await log.seedOf(intents[1]!) })
  assert.deepEqual(log.watch(), [])
  const late = log.publish(4, log.time + 99 * HOUR)
  assert.deepEqual(late, ['docket-abandoned', 'pass-despite-abandoned', 'docket-abandoned', 'pass-despite-abandoned'])
})

test('attack: a pass or a clearance although a test was abandoned', async () => {
  const log = new WatchedLog()
  log.announce('a', 2)
  log.time += 99 * HOUR
  await log.test('a')
  log.say('a', { kind: 'clearance', number: '999999999999', result: 'cleared', expiresOn: '2027-11-01' })
  const alarms = log.watch()
  assert.deepEqual(alarms, ['docket-abandoned', 'retest-missing', 'pass-despite-abandoned'])
  log.say('a', { kind: 'clearance', number: '999999999998', result: 'released', expiresOn: '2027-11-01' })
  assert.deepEqual(log.watch(), ['pass-despite-abandoned'], 'a release lets it in as well')
})

test('attack: two certificates with one number or one status index, in one docket or two', async () => {
  const log = new WatchedLog()
  await log.test('a', { number: '000000000007', statusIndex: { list: 'l', index: 1 } })
  await log.test('a', { number: '000000000007' })
  await log.test('b', { number: '000000000008', statusIndex: { list: 'l', index: 1 } })
  await log.test('c', { number: '000000000009', statusIndex: { list: 'm', index: 1 } })
  assert.deepEqual(log.watch(), ['number-twice', 'status-index-twice'])
})

test('attack: one announcement in two dockets, so that the seed of the second is known before', async () => {
  const log = new WatchedLog()
  const known = log.announce('b')
  const intent = log.announce('a', 24, { entry: known.leaf.entry })
  log.close('a', intent, { seed: await log.seedOf(known) })
  assert.deepEqual(log.watch(), ['entry-twice'])
  const again = log.makeObserver(log.observer.save())
  const third = log.announce('c', 24, { entry: known.leaf.entry })
  assert.deepEqual(
    again.observe(observedOf(third)).map(({ code }) => code),
    ['entry-twice'],
  )
})

test('attack: a probe seed of another test, of a root of choice, or of no checkpoint at all', async () => {
  const log = new WatchedLog()
  const first = await log.test('a')
  await log.test('a', { seed: first.leaf.seed })
  await log.test('b', { seed: await deriveSeed(sha256('a root of choice'), sha256('x'), webCryptography) })
  assert.deepEqual(log.watch(), ['seed-wrong', 'seed-twice', 'seed-wrong'])
  const unpublished = new DocketObserver({ now: () => 0 })
  const other = new WatchedLog()
  const result = await other.test('a')
  assert.deepEqual(unpublished.observe(observedOf(other.leaves[0]!)), [])
  assert.deepEqual(
    unpublished.observe(observedOf(result)).map(({ code }) => code),
    ['seed-wrong'],
  )
})

test('attack: a fork, a foreign result, and dates that do not fit the log', async () => {
  const log = new WatchedLog()
  const declared = log.say('a', { kind: 'declaration' })
  log.say('a', { kind: 'declaration' })
  log.say('a', { kind: 'declaration', seq: 1, prev: declared.hash })
  const intent = log.announce('b')
  log.close('b', intent, { issuer: OTHER_STATION, seed: await log.seedOf(intent) })
  log.announce('c', 24, { time: '2026-11-01T02:00:00Z' })
  assert.deepEqual(log.watch(), ['docket-fork', 'result-foreign', 'back-dated'])
  const future = new WatchedLog()
  const logged = future.say('a', { kind: 'declaration' })
  assert.deepEqual(future.observer.observe(observedOf(logged)), [])
  assert.deepEqual(future.publish(1, future.time - HOUR), ['future-dated'])
})

test('DocketObserver says the same to whoever folds the same leaves', async () => {
  const acts = fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.nat(5)), { maxLength: 25 })
  await fc.assert(
    fc.asyncProperty(acts, async (said) => {
      const log = new WatchedLog()
      for (const [letter, act] of said) {
        const last = log.head(letter)
        if (act === 0 || last === undefined) log.say(letter, { kind: 'declaration' })
        else if (act === 1) log.announce(letter, 2)
        else if (act === 2) log.reply(letter, last)
        else if (act === 3) log.close(letter, last)
        else if (act === 4) log.say(letter, { kind: 'declaration', prev: sha256('nowhere') })
        else await log.test(letter)
      }
      const alarms = [...log.watch()]
      const again = new WatchedLog()
      again.leaves.push(...log.leaves)
      assert.deepEqual(again.watch(), alarms)
      assert.equal(again.observer.save(), log.observer.save())
      for (const docket of log.observer.dockets) {
        const chained = docket.entries.filter(
          ({ objections }) => !objections.some(({ code }) => code.startsWith('docket-')),
        )
        chained.forEach(({ leaf }, seq) => assert.equal(leaf.seq, seq))
        chained.slice(1).forEach(({ leaf }, i) => assert.equal(leaf.prev, chained[i]?.hash))
      }
    }),
    { numRuns: 40 },
  )
})

test('DocketObserver goes on from what it kept, at any point, as if nothing had happened', async () => {
  const whole = new WatchedLog()
  const failed = await whole.test('a', { result: 'fail' })
  whole.announce('b', 3)
  await whole.test('a', { number: '000000000007' })
  await whole.test('c', { number: '000000000007', seed: failed.leaf.seed })
  const expected = [...whole.watch(), ...whole.publish(8, whole.time + 99 * HOUR)]
  assert.deepEqual(expected, [
    'retest-missing',
    'seed-wrong',
    'number-twice',
    'docket-abandoned',
    'docket-abandoned',
    'docket-abandoned',
  ])
  for (let stop = 0; stop <= whole.leaves.length; stop++) {
    const log = new WatchedLog()
    log.leaves.push(...whole.leaves.slice(0, stop))
    const seen = [...log.watch()]
    log.observer = log.makeObserver(log.observer.save())
    log.leaves.push(...whole.leaves.slice(stop))
    assert.deepEqual([...seen, ...log.watch(), ...log.publish(8, whole.time + 99 * HOUR)], expected)
  }
})

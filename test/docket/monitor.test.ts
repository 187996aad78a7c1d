/** Dockets in a log that is really signed, published and followed: what its monitor says when a station cheats. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DocketObserver } from '../../src/certificate/docket/observer.ts'
import type { LoggedLeaf } from '../../src/certificate/docket/docket.ts'
import { deriveSeed } from '../../src/certificate/docket/beacon.ts'
import { readCheckpoint, readPolicy, toHex } from '../../src/certificate/index.ts'
import { freshMonitorState, Monitor, type LeafObserver } from '../../src/log/index.ts'
import { nodeCryptography } from '../../src/log/notes/node-cryptography.ts'
import { bytesOf, DocketWriter } from '../../src/testing/dockets.ts'
import { POLICY_TEXT, PUBLISHED_AT, PublishedLog } from '../../src/testing/published-log.ts'

const policy = await readPolicy(Buffer.from(POLICY_TEXT), nodeCryptography)

class FollowedLog {
  readonly log = new PublishedLog()
  readonly dockets = new DocketWriter()
  readonly observer = new DocketObserver({ now: () => this.dockets.time })
  readonly monitor = new Monitor(
    {
      policy,
      read: this.log.read,
      cryptography: nodeCryptography,
      clock: PUBLISHED_AT,
      observers: [this.observer satisfies LeafObserver],
    },
    freshMonitorState('log.example'),
  )

  /** Appends the last leaf of the writer, publishes, and lets the monitor look. @returns the root and the alarms */
  async publish({ leaf }: LoggedLeaf): Promise<{ readonly root: string; readonly alarms: readonly string[] }> {
    await this.log.append([bytesOf(leaf)])
    const note = await this.log.sign()
    this.log.files.set('checkpoint', Buffer.from(note))
    const { alarms } = await this.monitor.check()
    return { root: toHex(readCheckpoint(note).root), alarms: alarms.map(({ message }) => message) }
  }
}

test('a monitor with a DocketObserver is silent about an honest test, whose probes it could draw itself', async () => {
  const log = new FollowedLog()
  const intent = log.dockets.announce('a')
  const announced = await log.publish(intent)
  const seed = await deriveSeed(announced.root, intent.hash, nodeCryptography)
  const closed = await log.publish(log.dockets.close('a', intent, { seed }))
  assert.deepEqual([announced.alarms, closed.alarms], [[], []])
})

test('a monitor with a DocketObserver says when a station chose its probes, or gave up a test in silence', async () => {
  const log = new FollowedLog()
  const intent = log.dockets.announce('a', 2)
  await log.publish(intent)
  const chosen = await log.publish(log.dockets.close('a', intent, { seed: 'ab'.repeat(32) }))
  assert.match(chosen.alarms.join('\n'), /seed abab/)
  log.dockets.time += 99 * 3_600_000
  const later = await log.publish(log.dockets.say('b', { kind: 'declaration' }))
  assert.match(later.alarms.join('\n'), /had no result by .*: it counts as failed/)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault, silentLog, systemClock } from '../../base/index.ts'
import { retrying } from './retrying.ts'
import type { Wire } from './wire.ts'

function wireOf(waits: number[]): Wire {
  const sleep = async (ms: number) => void waits.push(ms)
  const common = { clock: systemClock, log: silentLog, signal: undefined, credential: undefined }
  return { ...common, sleep, fetch, stallAfter: 1000 }
}

test('retrying() tries what may pass five times, each wait twice the last', async () => {
  const waits: number[] = []
  const attempt = async () => {
    throw new Fault('remote-cut', 'cut')
  }
  await assert.rejects(retrying(wireOf(waits), attempt), { code: 'remote-cut', message: 'cut; tried 5 times' })
  assert.deepEqual(waits, [1000, 2000, 4000, 8000])
})

test('retrying() does not try again what waiting will not change', async () => {
  const waits: number[] = []
  for (const code of ['wrong-bytes', 'disk-full', 'remote-gated', 'aborted', 'remote-untrusted']) {
    const attempt = async () => {
      throw new Fault(code, 'no', { details: { status: 403 } })
    }
    await assert.rejects(retrying(wireOf(waits), attempt), { code })
  }
  assert.deepEqual(waits, [])
})

test('retrying() gives new tries for each MiB and no more for a trickle', async () => {
  const count = async (step: number) => {
    const waits: number[] = []
    let [length, tries] = [0, 0]
    const attempt = async () => {
      length += step
      if (++tries < 12) throw new Fault('remote-cut', 'cut')
    }
    await retrying(wireOf(waits), attempt, () => length).catch(() => {})
    return tries
  }
  assert.equal(await count(1024 * 1024), 12)
  assert.equal(await count(1), 5)
})

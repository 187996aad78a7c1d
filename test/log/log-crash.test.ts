/** A process that appends to a log and publishes it is killed; see `bench/log-crash.ts` for more of it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crashLog } from '../../src/testing/log-crash.ts'

test('a log keeps every promise when its writer is killed (PGlite, 3 times)', async () => {
  const report = await crashLog({ kills: 3, processes: 1, seed: 3, checkEvery: 1 })
  assert.equal(report.kills, 3)
})

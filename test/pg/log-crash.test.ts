/** Two processes at a time that append to one log and publish it are killed; see `bench/log-crash.ts` for 1,000 of them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crashLog } from '../../src/testing/log-crash.ts'

test('a log keeps every promise when its writers are killed (PostgreSQL, 22 times)', async () => {
  const report = await crashLog({ kills: 22, processes: 2, seed: 7, checkEvery: 10 })
  assert.ok(report.kills >= 22 && report.acknowledged > 0 && report.checkpoints > 0, JSON.stringify(report))
})

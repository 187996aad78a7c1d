/** `tidewaiter log monitor`: silent over an honest log, across runs, and loud with evidence over a dishonest one. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { POLICY_TEXT, PublishedLog } from '../../src/testing/published-log.ts'
import { assertFault, jsonOf, runTidewaiter } from './program.ts'
import { assertContract } from './schemas.ts'

test('log monitor follows a log from run to run and shows both notes of a split view', async (context) => {
  const folder = temporaryFolder(context)
  let log = new PublishedLog()
  const first = await log.publish(300)
  const server = createServer((request, response) => {
    const bytes = log.files.get((request.url ?? '').slice(1))
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  context.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const [policy, state] = [join(folder, 'policy.txt'), join(folder, 'seen.json')]
  writeFileSync(policy, POLICY_TEXT)
  const monitor = (...words: readonly string[]) =>
    runTidewaiter([
      'log',
      'monitor',
      url,
      '--once',
      '--home',
      folder,
      '--log-policy',
      policy,
      '--state',
      state,
      ...words,
    ])

  const fresh = await monitor('--format', 'json')
  assert.equal(fresh.status, 0, fresh.stderr)
  assertContract('log-monitor', jsonOf(fresh))
  assert.deepEqual([jsonOf(fresh).read, jsonOf(fresh).alarms], [300, []])
  await log.publish(20)
  const grown = await monitor()
  assert.deepEqual([grown.status, grown.stdout], [0, 'log.example: 320 entries read, nothing is wrong\n'])

  log = new PublishedLog()
  const other = await log.publish(400, 'other ')
  const split = await monitor('--format', 'json')
  assert.equal(split.status, 30)
  assertContract('log-monitor', jsonOf(split))
  const [alarm] = jsonOf(split).alarms
  assert.deepEqual([alarm.code, alarm.notes[1]], ['split-view', other])
  const said = await monitor()
  assert.match(said.stdout, /^ALARM split-view: the log of 320 leaves is not in that of 400\nlog\.example\n320\n/)
  assert.ok(!said.stdout.includes(first))

  writeFileSync(state, '{}')
  assertFault(await monitor(), 'missing-field')
  writeFileSync(policy, 'quorum none\n')
  assertFault(await monitor(), 'policy')
})

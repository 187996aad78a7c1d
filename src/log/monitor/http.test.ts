import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { readPolicy } from '../../certificate/index.ts'
import { POLICY_TEXT, PUBLISHED_AT, PublishedLog } from '../../testing/published-log.ts'
import { nodeCryptography } from '../notes/node-cryptography.ts'
import { Monitor } from './monitor.ts'
import { logOverHttp } from './read-log.ts'
import { freshMonitorState } from './state.ts'

test('a monitor follows a log over HTTP and tells silence from a missing file', async (context) => {
  const log = new PublishedLog()
  await log.publish(700)
  let status = 200
  const server = createServer((request, response) => {
    const bytes = log.files.get((request.url ?? '').slice(1))
    response.writeHead(bytes === undefined ? 404 : status).end(status === 200 ? bytes : '')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  context.after(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const read = logOverHttp({ url, fetch: (page, init) => globalThis.fetch(page, init) })
  const policy = await readPolicy(Buffer.from(POLICY_TEXT), nodeCryptography)
  const options = { policy, read, cryptography: nodeCryptography, clock: PUBLISHED_AT }
  const monitor = new Monitor(options, freshMonitorState('log.example'))
  assert.deepEqual(await monitor.check(), { alarms: [], complete: true, read: 700, size: 700 })
  await log.publish(5)
  log.files.delete('tile/entries/002.p/193')
  assert.deepEqual(
    (await monitor.check()).alarms.map(({ code }) => code),
    ['missing'],
  )
  status = 503
  assert.deepEqual(
    (await monitor.check()).alarms.map(({ code }) => code),
    ['unreachable'],
  )
  server.closeAllConnections()
})

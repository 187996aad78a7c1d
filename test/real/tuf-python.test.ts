/** The TUF repository under python-tuf: a second client, unmodified, takes what is right and refuses the attacks. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import { planNextRoot, publishRoot } from '../../src/certificate/tuf/index.ts'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { makeSigner } from '../../src/testing/keys.ts'
import { makeTrust, serveTrust, signBy, type TestTrust, type TrustServer } from '../../src/testing/trust.ts'
import { findPython } from './python-tools.ts'

const found = findPython('tuf', ['tuf==6.0.0', 'securesystemslib[crypto]==1.6.0'])
const skip = { skip: found.skip }
const run = promisify(execFile)
const HOUR = 3600 * 1000
const YEAR = 365 * 24 * HOUR
/** The client asks the machine for the time. */
const NOW = Math.floor(Date.now() / 1000) * 1000
const SCRIPT = join(import.meta.dirname, 'tuf-client.py')

interface Bench {
  readonly trust: TestTrust
  readonly server: TrustServer
  /** Asks for `policy.txt` with the state of the client before, or afresh. */
  client(folder?: string): Promise<string>
}

async function bench(context: TestContext, at = NOW): Promise<Bench> {
  const trust = await makeTrust(join(temporaryFolder(context), 'repository'), at)
  await trust.publish({ 'policy.txt': 'log one', 'stations.json': '{}' }, at)
  const server = await serveTrust(context, trust.folder)
  const [own, root] = [temporaryFolder(context), join(temporaryFolder(context), 'root.json')]
  writeFileSync(root, trust.root)
  const client = async (folder = own): Promise<string> => {
    assert.ok(found.skip === false)
    return (await run(found.python, [SCRIPT, server.url, root, folder, 'policy.txt'])).stdout.trim()
  }
  return { trust, server, client }
}

function answer(server: TrustServer, ending: string, bytes: Uint8Array | string): void {
  server.lie((path, response) => path.endsWith(ending) && Boolean(response.writeHead(200).end(bytes)))
}

test('python-tuf takes targets, follows new ones, and a rotation of the root', skip, async (context) => {
  const { trust, client } = await bench(context)
  assert.equal(await client(), 'ok log one')
  await trust.publish({ 'policy.txt': 'log two' }, NOW)
  assert.equal(await client(), 'ok log two')
  const heirs = await Promise.all(Array.from({ length: 5 }, makeSigner))
  const plan = planNextRoot(trust.root, { root: heirs.map(({ publicKeyPem }) => publicKeyPem), expires: NOW + YEAR })
  const next = await signBy(plan, [...trust.holders.slice(0, 3), ...heirs.slice(0, 3)], trust.root)
  publishRoot(trust.folder, next, NOW)
  const third = await signBy(planNextRoot(next, { expires: NOW + 2 * YEAR }), heirs.slice(2))
  publishRoot(trust.folder, third, NOW)
  await trust.publish(undefined, NOW)
  assert.equal(await client(), 'ok log two')
})

test('python-tuf refuses rollback, freeze, mixtures and other targets', skip, async (context) => {
  const { trust, server, client } = await bench(context)
  const metadata = (name: string): Buffer => readFileSync(join(trust.folder, 'metadata', name))
  const [timestamp, targets] = [metadata('timestamp.json'), metadata('1.targets.json')]
  await trust.publish({ 'policy.txt': 'log two' }, NOW)
  assert.equal(await client(), 'ok log two')
  answer(server, '/timestamp.json', timestamp)
  assert.equal(await client(), 'BadVersionNumberError')
  answer(server, '/2.targets.json', targets)
  assert.match(await client(temporaryFolder(context)), /RepositoryError|MismatchError/)
  answer(server, '.policy.txt', 'log bad')
  assert.match(await client(temporaryFolder(context)), /RepositoryError|MismatchError/)
  const frozen = await bench(context, NOW - 25 * HOUR)
  assert.equal(await frozen.client(), 'ExpiredMetadataError')
})

test('python-tuf refuses roots with too few signatures, and answers without end', skip, async (context) => {
  const { trust, server, client } = await bench(context)
  const rogues = await Promise.all(Array.from({ length: 5 }, makeSigner))
  const taken = planNextRoot(trust.root, { root: rogues.map(({ publicKeyPem }) => publicKeyPem), expires: NOW + YEAR })
  const same = planNextRoot(trust.root, { expires: NOW + YEAR })
  for (const root of [
    await signBy(taken, rogues),
    await signBy(taken, trust.holders, trust.root),
    await signBy(same, trust.holders.slice(0, 2)),
  ]) {
    answer(server, '/2.root.json', root)
    assert.equal(await client(temporaryFolder(context)), 'UnsignedMetadataError')
  }
  server.lie((path, response) => path.endsWith('/timestamp.json') && flood(response))
  assert.equal(await client(temporaryFolder(context)), 'DownloadLengthMismatchError')
})

function flood(response: ServerResponse): true {
  response.writeHead(200)
  const chunk = Buffer.alloc(64 * 1024, 32)
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once('drain', more)
  }
  more()
  return true
}

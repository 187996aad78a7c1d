import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { Updater } from 'tuf-js'
import { Fault } from '../../base/index.ts'
import { temporaryFolder } from '../../testing/folders.ts'
import { makeSigner, type TestSigner } from '../../testing/keys.ts'
import { makeTrust, serveTrust, signBy, type TestTrust, type TrustServer } from '../../testing/trust.ts'
import { readTrust, refreshTrust, type RefreshRequest, type TrustedState } from './client.ts'
import { planNextRoot, publishRoot, publishState } from './index.ts'

const HOUR = 3600 * 1000
const YEAR = 365 * 24 * HOUR
/** tuf-js asks the machine for the time. */
const NOW = Math.floor(Date.now() / 1000) * 1000
const NAMES = ['trusted_root.json', 'signing_config.json', 'stations.json', 'policy.txt']
const FILES = { 'stations.json': '{"keys":1}', 'policy.txt': 'log example', 'trusted_root.json': '{}' }

interface Bench {
  readonly trust: TestTrust
  readonly server: TrustServer
  readonly folder: string
  refresh(changes?: Partial<RefreshRequest>): Promise<TrustedState>
}

async function bench(context: TestContext, at = NOW): Promise<Bench> {
  const trust = await makeTrust(join(temporaryFolder(context), 'repository'), at)
  await trust.publish(FILES, at)
  const server = await serveTrust(context, trust.folder)
  const folder = join(temporaryFolder(context), 'trust')
  const base = { folder, url: server.url, root: trust.root, fetch, names: NAMES, check: () => Promise.resolve() }
  return { trust, server, folder, refresh: (changes) => refreshTrust({ ...base, ...changes }) }
}

const read = (folder: string, name: string): string => Buffer.from(readTrust(folder).targets.get(name) ?? []).toString()

test('refreshTrust() fetches targets, follows new ones, and renews the time alone', async (context) => {
  const { trust, folder, refresh, server } = await bench(context)
  assert.deepEqual(await refresh(), {
    root: 1,
    timestamp: 1,
    expires: new Date(NOW + 24 * HOUR).toISOString().replace('.000Z', 'Z'),
    targets: ['stations.json', 'policy.txt', 'trusted_root.json'],
  })
  assert.equal(read(folder, 'policy.txt'), 'log example')
  await trust.publish({ ...FILES, 'policy.txt': 'log other' }, NOW)
  assert.equal((await refresh()).timestamp, 2)
  assert.equal(read(folder, 'policy.txt'), 'log other')
  const renewed = await trust.publish(undefined, NOW)
  assert.deepEqual([renewed.targets, renewed.snapshot, renewed.timestamp], [2, 2, 3])
  server.asked.length = 0
  assert.equal((await refresh()).timestamp, 3)
  assert.ok(!server.asked.some((path) => path.endsWith('.snapshot.json')), 'what did not change is not fetched again')
  assert.deepEqual(readdirSync(folder).toSorted(), ['metadata', 'targets'])
})

test('tuf-js itself, with nothing of ours, takes the repository', async (context) => {
  const { trust, server } = await bench(context)
  const folder = temporaryFolder(context)
  writeFileSync(join(folder, 'root.json'), trust.root)
  const updater = new Updater({
    metadataDir: folder,
    metadataBaseUrl: `${server.url}/metadata`,
    targetDir: folder,
    targetBaseUrl: `${server.url}/targets`,
  })
  await updater.refresh()
  const info = await updater.getTargetInfo('stations.json')
  assert.ok(info)
  assert.equal(readFileSync(await updater.downloadTarget(info), 'utf8'), FILES['stations.json'])
})

test('refreshTrust() wants the first root by hand, and it signed', async (context) => {
  const { trust, refresh, folder } = await bench(context)
  await assert.rejects(refresh({ root: undefined as never }), { code: 'trust-anchor' })
  const unsigned = planNextRoot(trust.root, { expires: NOW + YEAR })
  await assert.rejects(refresh({ root: unsigned }), { code: 'tuf-threshold' })
  assert.ok(!existsSync(folder), 'nothing is left')
})

test('rotation of the root is followed, link by link, by a client that missed some', async (context) => {
  const { trust, refresh, folder } = await bench(context)
  await refresh()
  const heirs = await Promise.all(Array.from({ length: 5 }, makeSigner))
  const online = await makeSigner()
  const second = planNextRoot(trust.root, {
    root: heirs.map(({ publicKeyPem }) => publicKeyPem),
    timestamp: online.publicKeyPem,
    expires: NOW + YEAR,
  })
  const signed = await signBy(second, [...trust.holders.slice(1, 4), ...heirs.slice(0, 3)], trust.root)
  publishRoot(trust.folder, signed, NOW)
  const third = await signBy(planNextRoot(signed, { expires: NOW + 2 * YEAR }), heirs.slice(2))
  publishRoot(trust.folder, third, NOW)
  const signers = { targets: trust.targets, snapshot: trust.snapshot }
  const files = new Map([['policy.txt', Buffer.from('new')]])
  const publishWith = (timestamp: TestSigner): Promise<unknown> =>
    publishState(trust.folder, { files, signers: { ...signers, timestamp }, now: NOW })
  await assert.rejects(refresh(), { code: 'trust-refused', message: /timestamp was signed by 0\/1/ })
  await assert.rejects(publishWith(trust.timestamp), { code: 'tuf-keyholder' })
  await publishWith(online)
  assert.equal((await refresh()).root, 3)
  assert.equal(read(folder, 'policy.txt'), 'new')
})

test('publishState() renews no time over what ends or was signed by keys that the root took away', async (context) => {
  const { trust } = await bench(context)
  assert.equal((await trust.publish(undefined, NOW + 28 * 24 * HOUR)).timestamp, 2)
  await assert.rejects(trust.publish(undefined, NOW + 29.5 * 24 * HOUR), { code: 'tuf-expired' })
  await assert.rejects(trust.publish(undefined, NOW + 2 * YEAR), { code: 'tuf-expired', message: /root/ })
  const { publicKeyPem } = await makeSigner()
  const next = planNextRoot(trust.root, { targets: publicKeyPem, expires: NOW + YEAR })
  publishRoot(trust.folder, await signBy(next, trust.holders.slice(0, 3)), NOW)
  await assert.rejects(trust.publish(undefined, NOW), { code: 'tuf-keyholder', message: /anew/ })
})

test('publishState() leaves one whole state when two publish at once', async (context) => {
  const { trust, refresh, folder } = await bench(context)
  for (let round = 0; round < 5; round++) {
    const texts = [`log a${round}`, `log b${round}`]
    const ended = await Promise.allSettled(texts.map((text) => trust.publish({ 'policy.txt': text }, NOW)))
    for (const one of ended) if (one.status === 'rejected') assert.equal((one.reason as Fault).code, 'tuf-version')
    assert.ok(ended.some(({ status }) => status === 'fulfilled'))
    await refresh()
    assert.ok(texts.includes(read(folder, 'policy.txt')))
  }
})

test('publishState() goes on after a publisher that died half-way', async (context) => {
  const { trust, refresh, folder } = await bench(context)
  for (const name of ['2.targets.json', '3.snapshot.json', 'timestamp.json.2.new'])
    writeFileSync(join(trust.folder, 'metadata', name), 'half')
  const { targets, snapshot, timestamp } = await trust.publish({ 'policy.txt': 'whole' }, NOW)
  assert.deepEqual([targets, snapshot, timestamp], [3, 4, 2])
  await refresh()
  assert.equal(read(folder, 'policy.txt'), 'whole')
})

test('attack: a rolled-back timestamp, and a rolled-back snapshot, are refused', async (context) => {
  const { trust, server, folder, refresh } = await bench(context)
  const old = readFileSync(join(trust.folder, 'metadata/timestamp.json'))
  await trust.publish({ ...FILES, 'policy.txt': 'log newer' }, NOW)
  await refresh()
  server.lie((path, response) => path.endsWith('/timestamp.json') && Boolean(response.writeHead(200).end(old)))
  await assert.rejects(refresh(), { code: 'trust-refused', message: /BadVersionError/ })
  assert.equal(read(folder, 'policy.txt'), 'log newer')
})

test('attack: a frozen repository is refused when its timestamp has ended', async (context) => {
  const { refresh } = await bench(context, NOW - 25 * HOUR)
  await assert.rejects(refresh(), { code: 'trust-refused', message: /ExpiredMetadataError/ })
})

test('attack: old targets beside a new snapshot, and a new snapshot that no timestamp names, are refused', async (context) => {
  const { trust, server, refresh } = await bench(context)
  const metadata = (name: string): Buffer => readFileSync(join(trust.folder, 'metadata', name))
  const [targets1, snapshot1] = [metadata('1.targets.json'), metadata('1.snapshot.json')]
  await trust.publish({ ...FILES, 'policy.txt': 'log newer' }, NOW)
  const answer = (wanted: string, bytes: Buffer): void =>
    server.lie((path, response) => path.endsWith(wanted) && Boolean(response.writeHead(200).end(bytes)))
  answer('/2.targets.json', targets1)
  const afresh = (): Promise<unknown> => refresh({ folder: join(temporaryFolder(context), 'trust') })
  await assert.rejects(afresh(), { code: 'trust-refused', message: /targets/ })
  answer('/2.snapshot.json', snapshot1)
  await assert.rejects(afresh(), { code: 'trust-refused', message: /snapshot/ })
  server.lie(undefined)
  assert.equal((await refresh()).timestamp, 2)
})

test('attack: another target, a longer one and one without end are refused, and the old stays', async (context) => {
  const { trust, server, folder, refresh } = await bench(context)
  await refresh()
  await trust.publish({ ...FILES, 'policy.txt': 'log newer' }, NOW)
  const isPolicy = (path: string): boolean => path.endsWith('.policy.txt')
  server.lie((path, response) => isPolicy(path) && Boolean(response.writeHead(200).end('log wrong')))
  await assert.rejects(refresh(), { code: 'trust-refused' })
  server.lie((path, response) => isPolicy(path) && Boolean(response.writeHead(200).end('log newer and more')))
  await assert.rejects(refresh(), { code: 'trust-refused', message: /Length|Max length/ })
  const { state } = readTrust(folder)
  assert.equal(read(folder, 'policy.txt'), 'log example')
  assert.equal(state.timestamp, 1, 'the old targets do not get the new time')
})

test('attack: endless answers are cut off wherever they come', async (context) => {
  const { trust, server, refresh } = await bench(context)
  const endings = ['/2.root.json', '/timestamp.json', '/1.snapshot.json', '/1.targets.json', '.stations.json']
  for (const ending of endings) {
    let sent = 0
    server.lie((path, response) => {
      if (!path.endsWith(ending)) return false
      response.writeHead(200)
      const chunk = Buffer.alloc(16 * 1024, 32)
      const more = (): void => {
        while (!response.destroyed && sent < 64 * 1024 * 1024) {
          sent += chunk.length
          if (!response.write(chunk)) return void response.once('drain', more)
        }
        response.destroy()
      }
      more()
      return true
    })
    await assert.rejects(refresh(), { code: 'trust-refused', message: /Length|Max length/ }, ending)
    assert.ok(sent < 16 * 1024 * 1024, `${ending}: ${sent} bytes were taken`)
  }
  assert.ok(trust)
})

test('attack: a root with too few signatures, of the rogue or of old or new alone, is refused', async (context) => {
  const { trust, server, refresh } = await bench(context)
  const rogues = await Promise.all(Array.from({ length: 5 }, makeSigner))
  const taken = planNextRoot(trust.root, { root: rogues.map(({ publicKeyPem }) => publicKeyPem), expires: NOW + YEAR })
  const same = planNextRoot(trust.root, { expires: NOW + YEAR })
  const [a, b, c] = trust.holders as never as [never, never, never]
  const roots = [
    await signBy(taken, rogues),
    await signBy(taken, [...rogues, ...trust.holders.slice(0, 2)], trust.root),
    await signBy(taken, trust.holders, trust.root),
    await signBy(same, trust.holders.slice(0, 2)),
    await signBy(same, [a, a, a, b]),
    same,
  ]
  assert.ok(c)
  for (const [index, root] of roots.entries()) {
    server.lie((path, response) => path.endsWith('/2.root.json') && Boolean(response.writeHead(200).end(root)))
    await assert.rejects(refresh(), { code: 'trust-refused', message: /signed by \d\/\d keys/ }, `root ${index}`)
  }
  server.lie(undefined)
  assert.equal((await refresh()).root, 1)
})

test('attack: the key of one role cannot sign for another', async (context) => {
  const { trust, server, refresh } = await bench(context)
  const stolen = join(temporaryFolder(context), 'stolen')
  mkdirSync(stolen)
  const forged = await makeTrust(join(stolen, 'repository'), NOW)
  const { folder } = forged
  await publishState(folder, {
    files: new Map([['stations.json', Buffer.from('evil')]]),
    signers: { targets: forged.targets, snapshot: forged.snapshot, timestamp: forged.timestamp },
    now: NOW,
  })
  server.lie((path, response) => {
    const file = join(folder, path)
    if (path.endsWith('.root.json') || !existsSync(file)) return false
    response.writeHead(200).end(readFileSync(file))
    return true
  })
  await assert.rejects(refresh(), { code: 'trust-refused', message: /signed by 0\/1 keys/ })
  const wrong = publishState(trust.folder, {
    files: new Map(),
    signers: { targets: trust.timestamp, snapshot: trust.snapshot, timestamp: trust.timestamp },
    now: NOW,
  })
  await assert.rejects(wrong, { code: 'tuf-keyholder' })
})

test('refreshTrust() keeps the old targets when the content of a new one does not hold', async (context) => {
  const { trust, folder, refresh } = await bench(context)
  await refresh()
  await trust.publish({ 'stations.json': 'nonsense' }, NOW)
  const check: RefreshRequest['check'] = (_, bytes) =>
    Buffer.from(bytes).toString() === 'nonsense' ? Promise.reject(new Fault('json', 'no keyring')) : Promise.resolve()
  await assert.rejects(refresh({ check }), { code: 'json' })
  assert.equal(read(folder, 'stations.json'), FILES['stations.json'])
})

test('readTrust() finds the old targets where a refresh died before the new took their place', async (context) => {
  const { trust, folder, refresh } = await bench(context)
  const state = await refresh()
  renameSync(join(folder, 'targets'), join(folder, 'targets.old'))
  assert.deepEqual(readTrust(folder).state, state)
  await trust.publish({ ...FILES, 'policy.txt': 'log other' }, NOW)
  await assert.rejects(refresh({ check: () => Promise.reject(new Fault('no', 'no')) }), { code: 'no' })
  assert.equal(read(folder, 'policy.txt'), 'log example')
  await refresh()
  assert.equal(read(folder, 'policy.txt'), 'log other')
  assert.deepEqual(readdirSync(folder).toSorted(), ['metadata', 'targets'])
})

test('readTrust() finds a target that was changed in the folder', async (context) => {
  const { folder, refresh } = await bench(context)
  assert.throws(() => readTrust(folder), { code: 'trust-anchor' })
  await refresh()
  writeFileSync(join(folder, 'targets/stations.json'), '{"keys":2}')
  assert.throws(() => readTrust(folder), { code: 'trust-refused' })
})

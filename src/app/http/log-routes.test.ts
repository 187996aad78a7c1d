import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { Fault, fixedClock, silentLog } from '../../base/index.ts'
import { readCheckpoint } from '../../certificate/index.ts'
import {
  createLog,
  createWitness,
  hashLeaf,
  nodeCryptography,
  verifyInclusion,
  witnessMemory,
  writeAddCheckpoint,
  type TransparencyLog,
} from '../../log/index.ts'
import { needsShared, sharedPath } from '../../testing/folders.ts'
import { makeLogHome, makeSigners, numberedLeaf, TEST_ORIGIN, type LogHome } from '../../testing/log.ts'
import { createBareServer } from './bare-server.ts'
import { addLogRoutes } from './log-routes.ts'

const clock = fixedClock('2026-12-01T00:00:00Z')
const logId = new Uint8Array(32).fill(5)
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' })
let home: LogHome
let log: TransparencyLog
let server: FastifyInstance

before(async () => {
  home = await makeLogHome()
  const options = home.options()
  log = await createLog(options)
  const watched = makeSigners('watched.example')
  const witness = createWitness({
    logs: new Map([[TEST_ORIGIN, home.signersOf(TEST_ORIGIN).map((signer) => signer.key)]]),
    signers: watched.slice(1),
    state: witnessMemory(),
    cryptography: nodeCryptography,
  })
  server = createBareServer(silentLog)
  const stamp = async (request: Uint8Array): Promise<Uint8Array> => {
    if (request[0] !== 0x30) throw new Fault('bad-request', 'this is no query')
    return Buffer.concat([Buffer.from('stamped '), request])
  }
  addLogRoutes(server, { log, logId, clock, limit: { perSecond: 1, burst: 40 }, stamp, witness })
})

after(async () => {
  await server.close()
  await home.remove()
})

interface Parts {
  readonly digest: string
  readonly content: string
  readonly rawBytes: string
  readonly keyDetails: string
}

/** The parts of a request for a signature over a text. */
function partsFor(text: string, by: KeyObject = key.privateKey, of: KeyObject = key.publicKey): Parts {
  return {
    digest: createHash('sha256').update(text).digest('base64'),
    content: sign('sha256', Buffer.from(text), by).toString('base64'),
    rawBytes: of.export({ type: 'spki', format: 'der' }).toString('base64'),
    keyDetails: 'PKIX_ECDSA_P256_SHA_256',
  }
}

function toRequest({ digest, content, rawBytes, keyDetails }: Parts): object {
  const verifier = { publicKey: { rawBytes }, keyDetails }
  return { hashedRekordRequestV002: { digest, signature: { content, verifier } } }
}

async function post(payload: object | string, url = '/api/v2/log/entries'): Promise<LightMyRequestResponse> {
  const answering = server.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/json' } })
  const publishing = setInterval(() => void log.publish(), 20)
  try {
    return await answering
  } finally {
    clearInterval(publishing)
    await log.settle()
  }
}

function codeOf(answer: LightMyRequestResponse): readonly [number, string] {
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
  return [answer.statusCode, (answer.json() as { code: string }).code]
}

test('POST /api/v2/log/entries logs a signature that holds, and answers with the proof', async () => {
  const answer = await post(toRequest(partsFor('a statement')))
  assert.equal(answer.statusCode, 201, answer.body)
  const entry = answer.json()
  assert.deepEqual(entry.logId, { keyId: Buffer.from(logId).toString('base64') })
  assert.deepEqual(entry.kindVersion, { kind: 'hashedrekord', version: '0.0.2' })
  const { logIndex, treeSize, rootHash, hashes, checkpoint } = entry.inclusionProof
  const { size, root, origin } = readCheckpoint(checkpoint.envelope)
  assert.deepEqual([origin, String(size), Buffer.from(root).toString('base64')], [TEST_ORIGIN, treeSize, rootHash])
  const leafHash = hashLeaf(Buffer.from(entry.canonicalizedBody, 'base64'))
  const proof = { root, size: Number(size), hashes: hashes.map((hash: string) => Buffer.from(hash, 'base64')) }
  await verifyInclusion({ leafHash, index: Number(logIndex), ...proof })
})

test(
  'POST /api/v2/log/entries gives what cosign sent the leaf that cosign expects',
  needsShared('vectors', 'interop'),
  async () => {
    const path = sharedPath('vectors', 'interop', 'foreign', 'cosign-3.1.3-rekor-v2-request.json')
    const answer = await post(readFileSync(path ?? '', 'utf8'))
    assert.equal(answer.statusCode, 201, answer.body)
    const body = Buffer.from(answer.json().canonicalizedBody, 'base64')
    assert.match(
      body.toString(),
      /^\{"apiVersion":"0\.0\.2","kind":"hashedrekord","spec":\{"hashedRekordV002":\{"data":/,
    )
  },
)

test('POST /api/v2/log/entries answers a replayed entry with the one that stands, and logs nothing more', async () => {
  const request = toRequest(partsFor('twice'))
  const [first, size] = [(await post(request)).json(), (await log.state()).sequenced]
  const again = (await post(request)).json()
  assert.equal(again.logIndex, first.logIndex)
  assert.equal((await log.state()).sequenced, size)
})

test('POST /api/v2/log/entries logs nothing whose signature does not hold or has a second form', async () => {
  const { sequenced } = await log.state()
  const right = partsFor('right')
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  const raw = sign('sha256', Buffer.from('right'), { key: key.privateKey, dsaEncoding: 'ieee-p1363' })
  const offCurve = Buffer.from(right.rawBytes, 'base64').fill(7, 40)
  const wrong: readonly (readonly [Partial<Parts>, string])[] = [
    [{ digest: partsFor('left').digest }, 'signature-wrong'],
    [{ content: partsFor('left').content }, 'signature-wrong'],
    [{ rawBytes: partsFor('right', other.privateKey, other.publicKey).rawBytes }, 'signature-wrong'],
    [{ rawBytes: partsFor('right', p384.privateKey, p384.publicKey).rawBytes }, 'key-unreadable'],
    [{ rawBytes: offCurve.toString('base64') }, 'signature-wrong'],
    [{ keyDetails: 'PKIX_ED25519' }, 'key-unreadable'],
    [{ content: raw.toString('base64') }, 'signature-form'],
    [{ content: `${right.content} ` }, 'base64'],
    [{ digest: createHash('sha512').update('right').digest('base64') }, 'digest-size'],
  ]
  for (const [change, code] of wrong) {
    assert.deepEqual(codeOf(await post(toRequest({ ...right, ...change }))), [400, code], JSON.stringify(change))
  }
  const text = JSON.stringify(toRequest(right))
  const texts = [
    '',
    '{}',
    '[]',
    'null',
    `${text}x`,
    text.replace('{"hashed', '{"more":1,"hashed'),
    text.replace('"digest":', '"digest":"","digest":'),
  ]
  for (const each of texts) assert.equal(codeOf(await post(each))[0], 400, each)
  assert.deepEqual(codeOf(await post(' '.repeat(9_000)))[0], 413)
  const untyped = await server.inject({
    method: 'POST',
    url: '/api/v2/log/entries',
    payload: text,
    headers: { 'content-type': 'text/plain' },
  })
  assert.equal(codeOf(untyped)[0], 415)
  assert.equal((await log.state()).sequenced, sequenced)
})

test('POST /api/v2/log/entries is limited for each address, and says until when', async () => {
  let answer = await post('{}')
  for (let tried = 0; tried < 45 && answer.statusCode !== 429; tried++) answer = await post('{}')
  assert.deepEqual(codeOf(answer), [429, 'too-many-requests'])
  assert.equal(answer.headers['retry-after'], '1')
  clock.advance(1000)
  assert.equal((await post('{}')).statusCode, 400)
  clock.advance(60_000)
})

test('GET checkpoint, tiles and bundles come as files: one that changes, the others for ever', async () => {
  await Promise.all(Array.from({ length: 300 }, (_, at) => log.append([{ leaf: numberedLeaf(at) }])))
  const { size, note } = await log.publish()
  for (const prefix of ['', '/api/v2']) {
    const checkpoint = await server.inject(`${prefix}/checkpoint`)
    assert.equal(checkpoint.body, note)
    assert.deepEqual(
      [checkpoint.headers['content-type'], checkpoint.headers['cache-control']],
      ['text/plain; charset=utf-8', 'no-cache'],
    )
    for (const path of ['tile/0/000', `tile/0/001.p/${size - 256}`, 'tile/1/000.p/1', 'tile/entries/000']) {
      const tile = await server.inject(`${prefix}/${path}`)
      assert.equal(tile.statusCode, 200, path)
      assert.match(String(tile.headers['cache-control']), /immutable/)
      assert.deepEqual(tile.rawPayload, Buffer.from((await log.store.get(path)) ?? ''))
    }
  }
})

test('GET a tile that the checkpoint does not cover, or under another name, is not found', async () => {
  await log.append([{ leaf: numberedLeaf(5) }])
  const { size } = (await log.state()).published
  const width = size - 256
  const paths = [
    `tile/0/001.p/${width + 1}`,
    'tile/0/001',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/007',
    'tile/0/0',
    'tile/0/x000/000',
    'tile/00/000',
    'tile/9/000.p/1',
    'tile/entries/002.p/1',
    'tile/0/..%2f..%2fcheckpoint.sqlite',
    'tile/../checkpoint.sqlite',
  ]
  for (const path of paths) assert.equal((await server.inject(`/${path}`)).statusCode, 404, path)
  const nowhere = await server.inject('/api/v3')
  assert.match(String(nowhere.headers['content-type']), /^application\/problem\+json/)
  assert.equal((nowhere.json() as { code: string }).code, 'no-such-route')
})

test('POST /api/v1/timestamp gives a reply for a query, and a problem for anything else', async () => {
  const ask = (payload: Buffer | string, type = 'application/timestamp-query') =>
    server.inject({ method: 'POST', url: '/api/v1/timestamp', payload, headers: { 'content-type': type } })
  const answer = await ask(Buffer.from([0x30, 0]))
  assert.deepEqual([answer.statusCode, answer.headers['content-type']], [200, 'application/timestamp-reply'])
  assert.deepEqual(answer.rawPayload, Buffer.from('stamped 0\0'))
  assert.deepEqual(codeOf(await ask('no DER')), [400, 'bad-request'])
  assert.deepEqual(codeOf(await ask('')), [400, 'no-query'])
  assert.equal(codeOf(await ask('x', 'application/json'))[0], 415)
  assert.equal(codeOf(await ask(Buffer.alloc(3_000)))[0], 413)
})

test('POST /add-checkpoint and GET what a witness knows reach the witness', async () => {
  const { note } = (await log.state()).published
  const payload = Buffer.from(writeAddCheckpoint(0, [], note))
  const answer = await server.inject({ method: 'POST', url: '/add-checkpoint', payload })
  assert.equal(answer.statusCode, 200, answer.body)
  assert.match(answer.body, /^— watched\.example /)
  const name = createHash('sha256').update(TEST_ORIGIN).digest('hex')
  assert.match((await server.inject(`/${name}/checkpoint`)).body, /watched\.example/)
  assert.equal((await server.inject(`/${'0'.repeat(64)}/checkpoint`)).statusCode, 404)
  assert.equal((await server.inject({ method: 'POST', url: '/add-checkpoint', payload: 'x' })).statusCode, 400)
})

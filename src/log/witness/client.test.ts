import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { fixedClock } from '../../base/index.ts'
import { readCheckpoint, verifySignatures } from '../../certificate/index.ts'
import { ed25519From, leafHashes, readerOver } from '../../testing/log-tree.ts'
import { proveConsistency, rootOf } from '../merkle/prove.ts'
import { nodeCryptography } from '../notes/node-cryptography.ts'
import { formatCheckpoint, formatSignatureLine, signNote } from '../notes/note.ts'
import { cosigner, noteSigner } from '../notes/signers.ts'
import { cosign, fetchWitnessed, type WitnessEndpoint } from './client.ts'
import { createWitness, type Witness } from './server.ts'
import { witnessMemory } from './state.ts'

const clock = fixedClock('2026-11-23T12:00:00Z')
const seed = (n: number): Uint8Array => new Uint8Array(32).fill(n)
const log = noteSigner('log.example', ed25519From(seed(1)))
const read = readerOver(leafHashes(64))
const fetch = (url: string, init: RequestInit) => globalThis.fetch(url, init)

const noteOf = async (size: number) =>
  signNote(formatCheckpoint({ origin: 'log.example', size, root: await rootOf(size, read) }), [log])

async function listen(context: TestContext, server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  context.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function serve(context: TestContext, witness: Witness): Promise<string> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      void witness({ method: request.method ?? '', path: request.url ?? '', body: Buffer.concat(parts) }).then(
        ({ status, contentType, body }) => response.writeHead(status, { 'content-type': contentType }).end(body),
      )
    })
  })
  return listen(context, server)
}

/** A witness behind a server, by number. */
async function startWitness(context: TestContext, n: number): Promise<WitnessEndpoint> {
  const signer = cosigner({ name: `w${n}.example`, privateKey: ed25519From(seed(n)), clock })
  const logs = new Map([['log.example', [log.key]]])
  const options = { logs, signers: [signer], state: witnessMemory(), cryptography: nodeCryptography }
  return { name: `w${n}`, url: await serve(context, createWitness(options)), keys: [signer.key] }
}

const ask = async (
  size: number,
  witnesses: readonly WitnessEndpoint[],
  { sizes = new Map<string, number>(), milliseconds = 60_000 } = {},
) =>
  cosign({
    note: await noteOf(size),
    witnesses,
    sizes,
    prove: (from) => proveConsistency(from, size, read),
    fetch,
    cryptography: nodeCryptography,
    now: clock.now(),
    milliseconds,
  })

test('cosign() collects the lines of all witnesses and remembers what they know', async (context) => {
  const witnesses = [await startWitness(context, 11), await startWitness(context, 12)]
  const sizes = new Map<string, number>()
  for (const size of [5, 6, 64]) {
    const { note, outcomes } = await ask(size, witnesses, { sizes })
    assert.deepEqual(
      outcomes.map(({ kind }) => kind),
      ['cosigned', 'cosigned'],
    )
    const keys = witnesses.flatMap((witness) => witness.keys)
    assert.equal((await verifySignatures(readCheckpoint(note), keys, nodeCryptography)).length, 2)
    assert.deepEqual([...sizes.values()], [size, size])
  }
})

test('cosign() asks a witness again from the size that it knows', async (context) => {
  const witness = await startWitness(context, 11)
  await ask(7, [witness])
  for (const believed of [0, 3, 60]) {
    const { outcomes } = await ask(20, [witness], { sizes: new Map([['w11', believed]]) })
    assert.equal(outcomes[0]?.kind, 'cosigned', JSON.stringify(outcomes))
  }
})

test('cosign() says of a witness that has seen more that it is ahead', async (context) => {
  const witness = await startWitness(context, 11)
  await ask(40, [witness])
  assert.deepEqual((await ask(20, [witness])).outcomes, [{ witness: 'w11', kind: 'ahead', size: 40 }])
  const restored = await fetchWitnessed(witness, { origin: 'log.example', fetch })
  assert.equal(readCheckpoint(restored ?? '').size, 40n)
  assert.equal(await fetchWitnessed(witness, { origin: 'other.example', fetch }), undefined)
})

test('cosign() says of a witness that knows another root that it is ahead', async (context) => {
  const witness = await startWitness(context, 11)
  await ask(40, [witness])
  const text = formatCheckpoint({ origin: 'log.example', size: 40, root: new Uint8Array(32) })
  const forked = { note: await signNote(text, [log]), witnesses: [witness], prove: () => Promise.resolve([]) }
  for (const believed of [40, 0]) {
    const sizes = new Map([['w11', believed]])
    const { outcomes } = await cosign({ ...forked, sizes, fetch, cryptography: nodeCryptography, now: clock.now() })
    assert.deepEqual(outcomes, [{ witness: 'w11', kind: 'ahead', size: 40 }])
  }
})

test('cosign() goes on without witnesses that are dead, wrong or too long', async (context) => {
  const good = await startWitness(context, 11)
  const other = await startWitness(context, 12)
  const fixed = (status: number, type: string, body: string) =>
    listen(
      context,
      createServer((_, response) => response.writeHead(status, { 'content-type': type }).end(body)),
    )
  const urls = [
    'http://127.0.0.1:1',
    await fixed(500, 'text/plain', ''),
    await fixed(200, 'text/plain', 'x'.repeat(100_000)),
    await fixed(200, 'text/plain', ''),
    await fixed(200, 'text/plain', '— w.example AAAAAAAAAAAA\n'),
    await fixed(409, 'text/plain', '3\n'),
    await fixed(409, 'text/x.tlog.size', '-3\n'),
    await fixed(302, 'text/plain', ''),
    other.url,
  ]
  const bad = urls.map((url, n) => ({ name: `bad${n}`, url, keys: good.keys }))
  const { note, outcomes } = await ask(20, [...bad, good])
  assert.deepEqual(
    outcomes.map(({ kind }) => kind),
    [...bad.map(() => 'failed'), 'cosigned'],
  )
  assert.equal(readCheckpoint(note).signatures.length, 2)
})

test('cosign() does not wait for a witness that is silent', async (context) => {
  const url = await listen(
    context,
    createServer(() => undefined),
  )
  const { note, outcomes } = await ask(20, [{ name: 'silent', url, keys: [] }], { milliseconds: 200 })
  assert.equal(outcomes[0]?.kind, 'failed')
  assert.equal(note, await noteOf(20))
})

test('attack: cosign() takes one line of each key, and none from the future, so that the note stays good', async (context) => {
  const key = (at: string) => cosigner({ name: 'w.example', privateKey: ed25519From(seed(11)), clock: fixedClock(at) })
  const text = Buffer.from(readCheckpoint(await noteOf(20)).text)
  const lineOf = async (at: string): Promise<string> => formatSignatureLine(key(at), await key(at).sign(text))
  const [early, late, future] = await Promise.all(
    ['2026-11-23T11:59:00Z', '2026-11-23T12:00:00Z', '2026-11-23T13:00:00Z'].map(lineOf),
  )
  for (const [body, kind, signatures] of [
    [`${early}${late}`, 'cosigned', 2],
    [`${late}${late}`, 'cosigned', 2],
    [future, 'failed', 1],
  ] as const) {
    const url = await listen(
      context,
      createServer((_, response) => response.end(body)),
    )
    const { note, outcomes } = await ask(20, [{ name: 'w', url, keys: [key('2026-11-23T12:00:00Z').key] }])
    assert.equal(outcomes[0]?.kind, kind)
    assert.equal(readCheckpoint(note).signatures.length, signatures)
    if (kind === 'cosigned') assert.ok(note.endsWith(late ?? ''))
  }
})

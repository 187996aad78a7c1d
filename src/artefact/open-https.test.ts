import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { sha256 } from '../base/index.ts'
import { temporaryFolder } from '../testing/folders.ts'
import { openArtefact, parseReference, type OpenOptions } from './index.ts'

const BYTES = randomBytes(500_000)

/** A plain server, and an opener of addresses at it. */
async function serve(context: TestContext, listener: RequestListener) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  context.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const cacheFolder = join(temporaryFolder(context), 'cache')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const open = (path: string, options: Partial<OpenOptions> = {}) =>
    openArtefact(parseReference(path.replace('@', `@${host}`).replace(/^\//, `http://${host}/`)), {
      cacheFolder,
      sleep: async () => {},
      ...options,
    })
  return { open, host, cacheFolder, stored: () => readdirSync(join(cacheFolder, 'blobs')) }
}

test('openArtefact() downloads one file under the last part of its address', async (context) => {
  const { open, host, stored } = await serve(context, (_, response) => response.end(BYTES))
  const { artefact, locate } = await open('/a/my%20model.gguf?download=true')
  assert.equal(artefact.files[0]?.path, 'my model.gguf')
  assert.equal(artefact.files[0]?.sha256, sha256(BYTES))
  assert.deepEqual(readFileSync(locate('my model.gguf')), BYTES)
  const location = `http://${host}/a/my%20model.gguf?download=true`
  assert.deepEqual(artefact.source, { kind: 'https', ref: location, location })
  assert.deepEqual(stored(), [`sha256-${sha256(BYTES)}`])
})

test('openArtefact() wants the digest of the fragment, and asks no more once it has it', async (context) => {
  let requests = 0
  const { open, stored } = await serve(context, (_, response) => {
    requests++
    response.end(BYTES)
  })
  await assert.rejects(open(`/m#sha256=${'0'.repeat(64)}`), { code: 'wrong-bytes' })
  assert.deepEqual(stored(), [])
  await open(`/m#sha256=${sha256(BYTES)}`)
  await open(`/m#sha256=${sha256(BYTES)}`)
  assert.equal(requests, 2)
})

test('openArtefact() asks again for an address without a digest', async (context) => {
  let text = 'one'
  const { open } = await serve(context, (_, response) => response.end(text))
  assert.equal((await open('/m')).artefact.files[0]?.sha256, sha256('one'))
  text = 'three'
  assert.equal((await open('/m')).artefact.files[0]?.sha256, sha256('three'))
})

test('openArtefact() never joins two versions of an address', async (context) => {
  for (const etag of [undefined, '"v1"', 'W/"v1"']) {
    const seen: unknown[] = []
    const { open } = await serve(context, (request, response) => {
      seen.push([request.headers.range, request.headers['if-range']])
      if (seen.length > 1) return void response.end('the second version')
      response.writeHead(200, { 'content-length': 1000, ...(etag && { etag }) })
      return void response.write('x'.repeat(400), () => response.destroy())
    })
    assert.equal((await open('/m')).artefact.files[0]?.sha256, sha256('the second version'))
    assert.deepEqual(seen[1], etag === '"v1"' ? ['bytes=400-', '"v1"'] : [undefined, undefined])
  }
})

test('openArtefact() gives a password to its own host, and shows it nowhere', async (context) => {
  const elsewhere = await serve(context, (request, response) => response.end(String(request.headers.authorization)))
  const { open, cacheFolder } = await serve(context, (request, response) => {
    const isKnown = request.headers.authorization === `Basic ${Buffer.from('me:hunter2').toString('base64')}`
    response.writeHead(isKnown ? 302 : 401, { location: `http://${elsewhere.host}/m` }).end()
  })
  const { artefact } = await open('http://me:hunter2@/m?token=hunter2')
  assert.equal(artefact.files[0]?.sha256, sha256('undefined'))
  assert.ok(!JSON.stringify(artefact).includes('hunter2'))
  const names = readdirSync(cacheFolder, { recursive: true, encoding: 'utf8' })
  assert.ok(!names.join().includes('hunter2'))
  await assert.rejects(open('http://me:wrong-hunter2@/m'), (fault: Error) => {
    return fault.message.includes('the credentials were not accepted') && !fault.message.includes('hunter2')
  })
})

test('openArtefact() refuses an encoded answer and a name that cannot be in a manifest', async (context) => {
  const { open } = await serve(context, (_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(BYTES)
  })
  await assert.rejects(open('/m'), { code: 'remote-protocol', message: /encoded/ })
  await assert.rejects(open('/a%0Ab'), { code: 'bad-name' })
  await assert.rejects(open('/..%2Fb'), { code: 'bad-name' })
})

test('openArtefact() refuses a copy of an address that was changed in the store', async (context) => {
  const { open, cacheFolder, stored } = await serve(context, (_, response) => response.end(BYTES))
  const ref = `/m#sha256=${sha256(BYTES)}`
  await open(ref)
  writeFileSync(join(cacheFolder, 'blobs', stored()[0]!), 'other')
  await assert.rejects(open(ref), { code: 'cache-damaged' })
  assert.equal((await open(ref)).artefact.size, BYTES.length)
})

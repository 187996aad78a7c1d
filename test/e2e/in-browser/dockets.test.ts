/** Status lists are read and probes are drawn in Chromium as in Node, and a list that inflates without end is refused. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { sha256 } from '../../../src/base/index.ts'
import { signStatement } from '../../../src/certificate/certify.ts'
import { MIN_ENTRIES, StatusBits } from '../../../src/certificate/status/bitstring.ts'
import { describeStatusList } from '../../../src/certificate/status/status-list.ts'
import { findChromium, launchChromium, needsChromium } from '../../../src/testing/browser.ts'
import { temporaryFolder } from '../../../src/testing/folders.ts'
import { makeSigner } from '../../../src/testing/keys.ts'
import { askSignedList, draw, readEncoded } from './dockets.ts'
import { openSuite } from './open-suite.ts'

const suite = { askSignedList, draw, readEncoded }

const executable = findChromium()
const signer = await makeSigner()
const { publicKeyPem } = signer

const issuedAt = Date.parse('2026-11-23T12:00:00Z')
const encoded = (bytes: Uint8Array): string => `u${gzipSync(bytes).toString('base64url')}`

async function makeList(): Promise<string> {
  const bits = new StatusBits(MIN_ENTRIES)
  bits.set(7, 'revoked')
  const checkpoint = { origin: 'log.example', size: 9, root: sha256('root') }
  const statement = await describeStatusList({ list: 'l', bits, checkpoint, issuer: { keyId: signer.keyId }, issuedAt })
  return (await signStatement(statement, signer)).bundle
}

test('Chromium answers as Node does about status lists and draws', needsChromium(), async (context) => {
  const browser = await launchChromium(executable ?? '')
  context.after(() => browser.close())
  const page = await openSuite(browser, 'dockets.ts', temporaryFolder(context))
  const both = async (name: keyof typeof suite, ...words: readonly unknown[]): Promise<unknown> => {
    const call = JSON.stringify(words).slice(1, -1)
    const there: unknown = await page.evaluate(`suite.${name}(${call})`)
    assert.deepEqual(there, await (suite[name] as (...args: unknown[]) => Promise<unknown>)(...words))
    return there
  }
  const list = await makeList()
  const ask = (index: number, more = {}): Promise<unknown> =>
    both('askSignedList', list, publicKeyPem, { place: { list: 'l', index }, now: issuedAt, mode: 'fresh', ...more })
  assert.equal(await ask(6), 'pass:null')
  assert.equal(await ask(7), 'revoked:revoked')
  assert.equal(await ask(6, { now: issuedAt + 3_600_000 }), 'stale:stale')
  assert.equal(await ask(MIN_ENTRIES), 'status-index')
  assert.equal(await both('askSignedList', list.replace('"payload":"e', '"payload":"f'), publicKeyPem, {}), 'signature')

  assert.equal(await both('readEncoded', encoded(Buffer.alloc(32_768)), 32_768), 'ok')
  assert.equal(await both('readEncoded', encoded(Buffer.alloc(2 ** 25)), 32_768), 'status-length')
  const trailing = Buffer.concat([gzipSync(Buffer.alloc(32_768)), Buffer.from('rest')])
  assert.equal(await both('readEncoded', `u${trailing.toString('base64url')}`, 32_768), 'status-gzip')
  assert.equal(
    await both('readEncoded', `u${gzipSync(Buffer.alloc(32_768)).subarray(0, -6).toString('base64url')}`, 32_768),
    'status-gzip',
  )
  assert.equal(((await both('draw', sha256('r'), sha256('i'), { size: 1000, count: 50 })) as number[]).length, 50)
})

import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import { makePublisher } from '../testing/publication.ts'
import { signStatement } from './certify.ts'
import { webCryptography } from './cryptography.ts'
import { digestFiles } from './digest-files.ts'
import { buildOmsStatement } from './manifest/write-oms.ts'
import { verifyBundle } from './verify-bundle.ts'

/** A machine that does not know one kind of key, as browsers without Ed25519 answer. */
function forget(context: TestContext, kind: string): void {
  const { subtle } = globalThis.crypto
  const original = subtle.importKey.bind(subtle) as (...words: unknown[]) => Promise<unknown>
  context.mock.method(subtle, 'importKey', (...words: unknown[]) => {
    const { name } = words[2] as { readonly name: string }
    return name === kind
      ? Promise.reject(new DOMException('Unrecognized name', 'NotSupportedError'))
      : original(...words)
  })
}

test('verifyEd25519() cannot check where the machine does not know the scheme, and says neither yes nor no', async (context) => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const key = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
  const message = Buffer.from('x')
  const signature = sign(null, message, privateKey)
  assert.equal(await webCryptography.verifyEd25519(key, signature, message), true)
  assert.equal(await webCryptography.verifyEd25519(key.subarray(1), signature, message), false)
  forget(context, 'Ed25519')
  await assert.rejects(webCryptography.verifyEd25519(key, signature, message), { code: 'cannot-check' })
})

test('webCryptography cannot check anything where there is no WebCrypto', async (context) => {
  context.mock.getter(globalThis.crypto, 'subtle', () => undefined as never)
  await assert.rejects(webCryptography.sha256(new Uint8Array()), { code: 'cannot-check' })
  const nothing = new Uint8Array()
  await assert.rejects(webCryptography.verifyP256(nothing, nothing, nothing), { code: 'cannot-check' })
})

test('verifyBundle() leaves the verdict open, and never passes, where the signature of a log cannot be checked', async (context) => {
  const now = Date.parse('2026-11-20T12:00:00Z')
  const publisher = await makePublisher({ now, validFrom: now - 86_400_000 })
  const files = [{ path: 'a', sha256: 'ab'.repeat(32) }]
  const { bundle } = await signStatement(buildOmsStatement('oak', files), publisher.signer, publisher)
  const options = {
    now,
    publicKeyPem: publisher.signer.publicKeyPem,
    trustedLogs: [publisher.trustedLog],
    timestampAuthorities: [publisher.authority],
    artefact: await digestFiles(files),
    requireLog: true,
    requireTimestamp: true,
  }
  assert.equal((await verifyBundle(Buffer.from(bundle), options)).verdict, 'pass')
  forget(context, 'Ed25519')
  const { verdict, reason, checks, statement } = await verifyBundle(Buffer.from(bundle), options)
  assert.deepEqual([verdict, reason, statement], ['partial', 'cannot-check', null])
  assert.deepEqual(
    checks.filter(({ outcome }) => outcome === 'pass').map(({ id }) => id),
    ['bundle', 'key', 'signature'],
  )
})

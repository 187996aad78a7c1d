import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import { test } from 'node:test'
import { bundleFromJSON } from '@sigstore/bundle'
import { toTrustMaterial, toSignedEntity, Verifier } from '@sigstore/verify'
import { temporaryFolder } from '../testing/folders.ts'
import { makePublisher, type Publisher } from '../testing/publication.ts'
import { readBundle } from './bundle.ts'
import { issueCertificate, signStatement } from './certify.ts'
import type { CertificateRequest, Publication, SignedStatement } from './certify.ts'
import { webCryptography } from './cryptography.ts'
import { preAuthEncoding } from './dsse.ts'
import { hashLeaf } from './inclusion.ts'
import { loadOrCreateKey, type Signer } from './keys/signing-key.ts'
import { buildOmsStatement } from './manifest/write-oms.ts'
import { readStatement } from './statement.ts'

const DIGEST = 'ab'.repeat(32)

const request: CertificateRequest = {
  model: { name: 'oak', sha256: DIGEST, dirHash: 'cd'.repeat(32) },
  content: {
    number: '260000000012',
    decision: 'held',
    channel: 'amber',
    reasons: [{ number: 1, condition: 'pickle', outcome: 'held', message: 'ein «Pickle»', evidence: ['TW-PKL-01'] }],
    dossier: { name: 'dossier.json', digest: { sha256: DIGEST } },
    policy: { id: 'default', version: '1', digest: DIGEST },
    inputs: { files: 3, totalBytes: 2 ** 50, rehash: 'full' },
    evidence: [{ name: 'facts.json', digest: { sha256: DIGEST } }],
  },
  issuedAt: Date.parse('2026-11-23T19:29:24.9Z'),
}

function payloadOf(bundle: string): Uint8Array {
  const { content } = readBundle(Buffer.from(bundle))
  assert.equal(content.kind, 'envelope')
  return content.kind === 'envelope' ? content.payload : new Uint8Array()
}

test('issueCertificate() writes canonical JSON of the agreed form', async (context) => {
  const key = await loadOrCreateKey(temporaryFolder(context))
  const { bundle, statement, keyId } = await issueCertificate(request, key)
  assert.equal(keyId, key.keyId)
  assert.equal(bundle, JSON.stringify(JSON.parse(bundle)), 'nothing but the members, no spaces')
  const payload = new TextDecoder().decode(payloadOf(bundle))
  assert.deepEqual(JSON.parse(payload), statement)
  assert.deepEqual(Object.keys(JSON.parse(payload) as object), ['_type', 'predicate', 'predicateType', 'subject'])
  assert.deepEqual(statement.subject[0].digest, {
    sha256: DIGEST,
    dirHash: 'cd'.repeat(32),
    dirHash1: 'cd'.repeat(32),
  })
  const { issuedAt, expiresOn, assurance, log, issuer } = statement.predicate
  assert.deepEqual(
    { issuedAt, expiresOn, assurance, log, issuer },
    {
      issuedAt: '2026-11-23T19:29:24Z',
      expiresOn: '2027-11-23',
      assurance: 'self-attested',
      log: 'not logged',
      issuer: { keyId },
    },
  )
})

test('issueCertificate() makes what node:crypto and @sigstore accept', async (context) => {
  const key = await loadOrCreateKey(temporaryFolder(context))
  const { bundle } = await issueCertificate(request, key)
  const { signature } = readBundle(Buffer.from(bundle))
  assert.ok(
    verify('sha256', preAuthEncoding('application/vnd.in-toto+json', payloadOf(bundle)), key.publicKeyPem, signature),
  )

  const theirs = bundleFromJSON(JSON.parse(bundle))
  const publicKey = createPublicKey(key.publicKeyPem)
  const none = { mediaType: '', tlogs: [], certificateAuthorities: [], ctlogs: [], timestampAuthorities: [] }
  const trust = toTrustMaterial(none, (hint) => {
    assert.equal(hint, key.keyId)
    return { publicKey, validFor: () => true }
  })
  const unlogged = { tlogThreshold: 0, timestampThreshold: 0 }
  new Verifier(trust, unlogged).verify(toSignedEntity(theirs))

  const tampered = bundleFromJSON(JSON.parse(bundle.replace(/"payload":"(.)/, '"payload":"f')))
  assert.throws(() => new Verifier(trust, unlogged).verify(toSignedEntity(tampered)), /signature verification failed/)
})

test('issueCertificate() refuses content that it would refuse to read', async (context) => {
  const key = await loadOrCreateKey(temporaryFolder(context))
  const issue = (change: Partial<CertificateRequest['content']>): Promise<unknown> =>
    issueCertificate({ ...request, content: { ...request.content, ...change } }, key)
  await assert.rejects(issue({ number: '260000000017' }), { code: 'certificate-number' })
  await assert.rejects(issue({ inputs: { files: 1, totalBytes: 1.5, rehash: 'full' } }), { code: 'json-number' })
  await assert.rejects(issue({ policy: { id: 'x', version: '1', digest: 'AB' } }), { code: 'predicate-member' })
  const upper = { ...request.model, dirHash: 'CD'.repeat(32) }
  await assert.rejects(issueCertificate({ ...request, model: upper }, key), { code: 'digest-encoding' })
})

test('signStatement() finds out a signer that answers wrongly', async (context) => {
  const [key, other] = await Promise.all([0, 1].map(() => loadOrCreateKey(temporaryFolder(context))))
  assert.ok(key && other)
  const impostor: Signer = { publicKeyPem: key.publicKeyPem, sign: (bytes) => other.sign(bytes) }
  const raw: Signer = { publicKeyPem: key.publicKeyPem, sign: () => Promise.resolve(new Uint8Array(64)) }
  const statement = buildOmsStatement('oak', [{ path: 'a', sha256: DIGEST }])
  await assert.rejects(signStatement(statement, impostor), { code: 'signer' })
  await assert.rejects(signStatement(statement, raw), { code: 'signature-form' })
})

test('signStatement() names a statement by the leaf that a log would hold', async (context) => {
  const key = await loadOrCreateKey(temporaryFolder(context))
  const statement = buildOmsStatement('oak', [{ path: 'a', sha256: DIGEST }])
  const [one, two] = await Promise.all([signStatement(statement, key), signStatement(statement, key)])
  assert.match(one.leafHash, /^[0-9a-f]{64}$/)
  assert.notEqual(one.leafHash, two.leafHash, 'ECDSA signs anew each time')
  assert.equal(readStatement(payloadOf(one.bundle)).predicateType, statement.predicateType)
})

test('signStatement() puts log entry and timestamps into the bundle, and finds out a log or an authority that answers wrongly', async () => {
  const now = Date.parse('2026-11-20T12:00:00Z')
  const publisher = await makePublisher({ now, validFrom: now - 1000 })
  const statement = buildOmsStatement('oak', [{ path: 'a', sha256: DIGEST }])
  const sign = (publication: Partial<Publication>): Promise<SignedStatement> =>
    signStatement(statement, publisher.signer, { stamp: publisher.stamp, log: publisher.log, ...publication })
  const { bundle, leafHash } = await sign({
    stamp: async (signature) => [await publisher.stamp(signature), await publisher.stamp(signature)].flat(),
  })
  const { logEntries, timestamps } = readBundle(Buffer.from(bundle))
  assert.deepEqual([logEntries.length, timestamps.length], [1, 2])
  const [entry] = logEntries
  assert.equal(leafHash, Buffer.from(await hashLeaf(entry?.body ?? new Uint8Array(), webCryptography)).toString('hex'))
  await assert.rejects(sign({ log: () => publisher.prove(0) }), { code: 'leaf' })
  const elsewhere = async (leaf: Uint8Array): ReturnType<Publisher['log']> => {
    const entered = await publisher.log(leaf, '')
    return { ...entered, proof: { ...entered.proof, logIndex: 1 } }
  }
  await assert.rejects(sign({ log: elsewhere }), { code: 'inclusion' })
  await assert.rejects(sign({ stamp: () => publisher.stamp(Buffer.from('other')) }), { code: 'timestamp' })
  await assert.rejects(sign({ stamp: () => Promise.resolve(new Uint8Array(3)) }), { code: 'timestamp' })
})

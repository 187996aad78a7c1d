import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonicalJson, dirHash, omsRoot, sha256, type ManifestFile } from '../base/index.ts'
import { CLEARED, makeSigner } from '../testing/publication.ts'
import { SAMPLES } from '../testing/statements.ts'
import { writeBundle } from './bundle.ts'
import { issueCertificate, signStatement, type CertificateRequest } from './certify.ts'
import { webCryptography } from './cryptography.ts'
import { preAuthEncoding } from './dsse.ts'
import { derToRaw, lowerSignature, rawToDer } from './ecdsa.ts'
import { buildOmsStatement } from './manifest/write-oms.ts'
import { nameKey, readPublicKey } from './public-key.ts'
import { CHECKS, VERIFICATION_EXIT_CODES } from './report.ts'
import { predicateTypeOf } from './statements/schemas.ts'
import { verifyBundle, type VerificationOptions, type VerificationReport } from './verify-bundle.ts'

const signer = makeSigner()
const files: readonly ManifestFile[] = ['README.md', 'a-b', 'a/b'].map((path) => ({ path, sha256: sha256(path) }))
const artefact = { sha256: omsRoot(files), dirHash: dirHash(files), files }
const issuedAt = Date.parse('2026-11-23T12:00:00Z')

const request: CertificateRequest = {
  model: { name: 'oak', ...artefact },
  content: CLEARED,
  issuedAt,
}

const certificate = Buffer.from((await issueCertificate(request, signer)).bundle)
const manifest = Buffer.from((await signStatement(buildOmsStatement('oak', files), signer)).bundle)
const trusting: VerificationOptions = { now: issuedAt, publicKeyPem: signer.publicKeyPem, artefact }

const came = ({ verdict, reason }: VerificationReport): string => `${verdict}:${reason}`

/** Signs any payload, as an issuer with a bug or bad intent would. */
async function forge(change: (statement: Record<string, unknown>) => unknown): Promise<Buffer> {
  const { statement } = await issueCertificate(request, signer)
  const payload = Buffer.from(JSON.stringify(change(JSON.parse(canonicalJson(statement)) as Record<string, unknown>)))
  const { keyId } = await nameKey(readPublicKey(signer.publicKeyPem), webCryptography)
  const signature = lowerSignature(await signer.sign(preAuthEncoding('application/vnd.in-toto+json', payload)))
  return Buffer.from(writeBundle({ keyId, payload, signature }))
}

const forgePredicate = (change: Record<string, unknown>): Promise<Buffer> =>
  forge((statement) => ({ ...statement, predicate: { ...(statement['predicate'] as object), ...change } }))

test('verifyBundle() passes our certificate and names every check', async () => {
  const report = await verifyBundle(certificate, trusting)
  assert.equal(came(report), 'pass:null')
  assert.deepEqual(
    report.checks.map(({ id }) => id),
    CHECKS,
  )
  assert.equal(report.statement?.clearance?.decision, 'cleared')
  assert.equal(canonicalJson(report), canonicalJson(JSON.parse(JSON.stringify(report))))
})

test('verifyBundle() is partial, never pass, when something that applies was not checked', async () => {
  const { artefact: _, ...rest } = trusting
  assert.equal(came(await verifyBundle(certificate, rest)), 'partial:no-artefact')
  assert.equal(came(await verifyBundle(manifest, rest)), 'partial:no-artefact')
  assert.equal(came(await verifyBundle(certificate, { ...trusting, only: ['a-b'] })), 'partial:only-some-files')
  const unknown = await forge((statement) => ({ ...statement, predicateType: 'https://example.org/revocation/v1' }))
  assert.equal(came(await verifyBundle(unknown, trusting)), 'partial:predicate-unknown')
  const bounded = { now: issuedAt, artefact, trustedKeys: [{ publicKeyPem: signer.publicKeyPem, validFrom: 0 }] }
  assert.equal(came(await verifyBundle(manifest, bounded)), 'partial:key-validity-unknown')
})

test('verifyBundle() refuses what is genuine and lets no model in, when asked to', async () => {
  const asked = { ...trusting, requireCleared: true }
  assert.equal(came(await verifyBundle(certificate, asked)), 'pass:null')
  assert.equal(came(await verifyBundle(manifest, asked)), 'fail:not-cleared')
  for (const decision of ['held', 'refused']) {
    const genuine = await forgePredicate({ decision })
    assert.equal(came(await verifyBundle(genuine, trusting)), 'pass:null')
    assert.equal(came(await verifyBundle(genuine, asked)), 'fail:not-cleared')
  }
})

test('verifyBundle() refuses other bytes under the same certificate', async () => {
  const swapped = [files[0], { ...files[1], path: 'a/b' }, { ...files[2], path: 'a-b' }] as ManifestFile[]
  for (const other of [swapped, files.slice(1)]) {
    const digests = { sha256: omsRoot(other), dirHash: dirHash(other) }
    const report = await verifyBundle(certificate, { ...trusting, artefact: digests })
    assert.equal(came(report), 'fail:subject-mismatch')
    assert.equal(report.statement?.clearance?.number, '260000000012')
  }
})

test('verifyBundle() says which file of a manifest differs', async () => {
  const verifyFiles = async (found: readonly ManifestFile[], only?: readonly string[]): Promise<string> => {
    const digests = { sha256: omsRoot(found), dirHash: dirHash(found), files: found }
    return came(await verifyBundle(manifest, { ...trusting, artefact: digests, ...(only ? { only } : {}) }))
  }
  const changed = files.map((file) => (file.path === 'a-b' ? { ...file, sha256: sha256('x') } : file))
  assert.equal(await verifyFiles(files), 'pass:null')
  assert.equal(await verifyFiles(changed), 'fail:file-changed')
  assert.equal(await verifyFiles(files.slice(1)), 'fail:file-missing')
  assert.equal(await verifyFiles([...files, { path: 'x', sha256: sha256('x') }]), 'fail:file-extra')
  assert.equal(await verifyFiles(changed, ['a/b']), 'partial:only-some-files')
  assert.equal(await verifyFiles(changed, ['a-b']), 'fail:file-changed')
  assert.equal(await verifyFiles(files, ['x']), 'fail:file-unsigned')
  const { files: _, ...unlisted } = artefact
  assert.equal(came(await verifyBundle(manifest, { ...trusting, artefact: unlisted })), 'pass:null')
})

test('verifyBundle() refuses keys that are not trusted, missing or out of time', async () => {
  const other = makeSigner().publicKeyPem
  const { publicKeyPem } = signer
  const verify = async (options: Partial<VerificationOptions>): Promise<string> =>
    came(await verifyBundle(certificate, { now: issuedAt, artefact, ...options }))
  assert.equal(await verify({}), 'fail:key-missing')
  assert.equal(await verify({ publicKeyPem: other }), 'fail:hint')
  assert.equal(await verify({ publicKeyPem: 'not a key' }), 'fail:key-unreadable')
  assert.equal(await verify({ trustedKeys: [{ publicKeyPem: other }, { publicKeyPem }] }), 'pass:null')
  assert.equal(await verify({ publicKeyPem, keyValidFrom: issuedAt + 1000 }), 'fail:key-validity')
  assert.equal(await verify({ trustedKeys: [{ publicKeyPem, validUntil: issuedAt - 1 }] }), 'fail:key-validity')
  assert.equal(await verify({ publicKeyPem: publicKeyPem.replaceAll('\n', '\r\n') }), 'pass:null')
})

test('verifyBundle() knows when a certificate holds', async () => {
  const at = async (time: string): Promise<string> =>
    came(await verifyBundle(certificate, { ...trusting, now: Date.parse(time) }))
  assert.equal(await at('2027-11-23T23:59:59Z'), 'pass:null')
  assert.equal(await at('2027-11-24T00:00:00Z'), 'expired:expired')
  assert.equal(await at('2026-11-23T11:56:00Z'), 'pass:null')
  assert.equal(await at('2026-11-23T11:54:00Z'), 'fail:issued-in-future')
  assert.equal(VERIFICATION_EXIT_CODES.expired, 4)
})

test('verifyBundle() refuses signed statements that are not what they should be', async () => {
  const verify = async (bundle: Promise<Buffer>): Promise<string> => came(await verifyBundle(await bundle, trusting))
  const missing = forge((statement) => ({ ...statement, predicate: undefined }))
  assert.equal(await verify(missing), 'fail:statement-member')
  assert.equal(await verify(forge((statement) => ({ ...statement, subject: [] }))), 'fail:subject-count')
  const twoHashes = { name: 'oak', digest: { sha256: artefact.sha256, dirHash: artefact.dirHash, dirHash1: '00' } }
  assert.equal(await verify(forge((statement) => ({ ...statement, subject: [twoHashes] }))), 'fail:subject-digest')
  assert.equal(await verify(forgePredicate({ vouched: true })), 'fail:predicate-member')
  assert.equal(await verify(forgePredicate({ decision: 'blessed' })), 'fail:json-type')
  assert.equal(await verify(forgePredicate({ decision: null })), 'fail:json-null')
  assert.equal(await verify(forgePredicate({ inputs: { files: 0.5 } })), 'fail:json-number')
  assert.equal(await verify(forgePredicate({ number: '260000000021' })), 'fail:certificate-number')
  assert.equal(await verify(forgePredicate({ expiresOn: '2027-02-30' })), 'fail:predicate-member')
  assert.equal(await verify(forgePredicate({ issuer: { keyId: 'ab'.repeat(32) } })), 'fail:issuer')
  assert.equal(await verify(forgePredicate({ log: 'https://log.example' })), 'fail:json-type')
})

test('verifyBundle() asks for a log entry and a timestamp when told to', async () => {
  assert.equal(came(await verifyBundle(certificate, { ...trusting, requireLog: true })), 'fail:log-entry-count')
  assert.equal(came(await verifyBundle(certificate, { ...trusting, requireTimestamp: true })), 'fail:timestamp-count')
})

test('verifyBundle() takes no bytes for a timestamp, and refuses them twice or in masses', async () => {
  const stamped = async (...stamps: readonly string[]): Promise<string> => {
    const bundle = JSON.parse(certificate.toString()) as { verificationMaterial: object }
    const rfc3161Timestamps = stamps.map((stamp) => ({ signedTimestamp: btoa(stamp) }))
    const verificationMaterial = { ...bundle.verificationMaterial, timestampVerificationData: { rfc3161Timestamps } }
    return came(await verifyBundle(Buffer.from(JSON.stringify({ ...bundle, verificationMaterial })), trusting))
  }
  assert.equal(await stamped(), 'pass:null')
  assert.equal(await stamped('a'), 'fail:timestamp')
  assert.equal(await stamped('a', 'b', 'a'), 'fail:timestamp-count')
  assert.equal(await stamped(...'abcdefghi'.split('')), 'fail:timestamp-count')
})

test('verifyBundle() accepts no one-byte edit that changes what was verified', async () => {
  const meaning = canonicalJson((await verifyBundle(certificate, trusting)).statement)
  const edit = fc.record({ at: fc.nat(certificate.length - 1), byte: fc.integer({ min: 0, max: 255 }) })
  let accepted = 0
  await fc.assert(
    fc.asyncProperty(edit, async ({ at, byte }) => {
      const edited = Buffer.from(certificate)
      edited[at] = byte
      if (edited.equals(certificate)) return
      const report = await verifyBundle(edited, trusting)
      if (report.verdict !== 'pass') return
      accepted++
      assert.equal(canonicalJson(report.statement), meaning)
    }),
    { numRuns: 1500 },
  )
  assert.equal(accepted, 0, 'canonical JSON leaves no byte that could be another')
})

test('verifyBundle() never throws because of what a bundle holds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.nat(certificate.length), async (noise, at) => {
      const spliced = Buffer.concat([certificate.subarray(0, at), noise, certificate.subarray(at)])
      for (const bytes of [noise, spliced, certificate.subarray(0, at)]) {
        const { verdict } = await verifyBundle(bytes, trusting)
        const text = Buffer.from(bytes).toString()
        assert.ok(verdict !== 'pass' || canonicalJson(JSON.parse(text)) === certificate.toString())
      }
    }),
    { numRuns: 200 },
  )
})

test('attack: a certificate does not pass beside an entry that nobody reads, such as a link to code', async () => {
  const unread = [{ path: 'modeling.py', isLink: true, message: 'modeling.py: a link, which is not followed' }]
  const report = await verifyBundle(certificate, { ...trusting, artefact: { ...artefact, unread } })
  assert.equal(came(report), 'partial:unread-entries')
  const changed = { ...artefact, dirHash: '0'.repeat(64), unread }
  assert.equal(came(await verifyBundle(certificate, { ...trusting, artefact: changed })), 'fail:subject-mismatch')
})

test('attack: the twin signature that anybody can make of a statement of ours gives it no second identity', async () => {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const bundle = JSON.parse(certificate.toString())
  const raw = Buffer.from(derToRaw(Buffer.from(bundle.dsseEnvelope.signatures[0].sig, 'base64')))
  const twin = (order - BigInt(`0x${raw.subarray(32).toString('hex')}`)).toString(16).padStart(64, '0')
  const sig = Buffer.from(rawToDer(Buffer.concat([raw.subarray(0, 32), Buffer.from(twin, 'hex')])))
  bundle.dsseEnvelope.signatures[0].sig = sig.toString('base64')
  const report = await verifyBundle(Buffer.from(JSON.stringify(bundle)), trusting)
  assert.equal(came(report), 'fail:signature-form')
  assert.equal(report.checks.find(({ id }) => id === 'signature')?.outcome, 'pass')
})

test('attack: a revocation beside its model is no certificate of it, unless a revocation is what was asked for', async () => {
  const { keyId } = await nameKey(readPublicKey(signer.publicKeyPem), webCryptography)
  const issuer = { ...SAMPLES.revocation.issuer, keyId }
  for (const kind of ['revocation', 'reply', 'family', 'test-intent'] as const) {
    const predicateType = predicateTypeOf(kind)
    const bundle = await forge(({ _type, subject }) => ({
      _type,
      subject,
      predicateType,
      predicate: { ...SAMPLES[kind], issuer },
    }))
    assert.equal(came(await verifyBundle(bundle, trusting)), 'partial:type-not-named', kind)
    assert.equal(came(await verifyBundle(bundle, { ...trusting, predicateType })), 'pass:null', kind)
  }
})

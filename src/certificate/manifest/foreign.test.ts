/** Bundles of other tools and of old releases: larger curves, embedded keys, `null`, and the encoding of version 0.2. */
import assert from 'node:assert/strict'
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { sha256 } from '../../base/index.ts'
import { needsShared, sharedPath } from '../../testing/folders.ts'
import { holdFiles } from '../../testing/manifest.ts'
import { IN_TOTO_PAYLOAD, preAuthEncoding } from '../dsse.ts'
import { toUtf8 } from '../encoding.ts'
import { verifyBundle, type VerificationOptions } from '../verify-bundle.ts'
import { readForeignKey } from './foreign-key.ts'
import { legacyEncoding, printLikePython } from './legacy.ts'
import { buildOmsStatement } from './write-oms.ts'

/** The key of the specification's own vector, on P-384; it stands in old bundles of the reference tool. */
const SPECIFICATION_KEY = `-----BEGIN PUBLIC KEY-----
MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEsu6rZGBTjxtvRWPMixT+3HyndV0J0Ybt
aHZUcO4DEK+OJHO/4e32bb/fbJKSpRgcBsIpKLcVijUomyFOERbd7u+BTPSUjGZD
Qq6J7lTvp/EAXQGOKxW9RP0MGX3qAkvi
-----END PUBLIC KEY-----
`
const CURVES = [
  ['P-256', 'sha256'],
  ['P-384', 'sha384'],
  ['P-521', 'sha512'],
] as const
const model = { 'a-b': 'one', 'a/b': 'two' }
const artefact = holdFiles(model)
const payload = toUtf8(JSON.stringify(buildOmsStatement('model', artefact.files), null, 2))

interface Forge {
  readonly curve: string
  readonly hash: string
  readonly encode?: typeof preAuthEncoding
  readonly payload?: Uint8Array
  /** Named by the key itself, as before release 1.1. */
  readonly embedded?: boolean
}

function forge({ curve, hash, encode = preAuthEncoding, payload: signed = payload, embedded = false }: Forge) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: curve })
  const pem = pemOf(publicKey)
  const named = embedded
    ? { rawBytes: Buffer.from(pem).toString('base64'), keyDetails: 'PKIX_ECDSA_P384_SHA_384' }
    : { hint: sha256(pem) }
  const sig = sign(hash, encode(IN_TOTO_PAYLOAD, signed), privateKey).toString('base64')
  const bundle = {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: named, ...(embedded ? {} : { tlogEntries: [] }) },
    dsseEnvelope: {
      payload: Buffer.from(signed).toString('base64'),
      payloadType: IN_TOTO_PAYLOAD,
      signatures: [{ sig, keyid: embedded ? null : '' }],
    },
  }
  return { bundle, pem }
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString()
}

async function verify(bundle: object, publicKeyPem: string, options: Partial<VerificationOptions> = {}) {
  const bytes = toUtf8(JSON.stringify(bundle))
  const { verdict, reason } = await verifyBundle(bytes, { now: 0, publicKeyPem, artefact, ...options })
  return `${verdict}:${reason}`
}

test('verifyBundle() takes manifests signed on P-384 and P-521 with their hashes where foreign ones are asked for', async () => {
  for (const [curve, hash] of CURVES) {
    const { bundle, pem } = forge({ curve, hash })
    assert.equal(await verify(bundle, pem, { foreign: true }), 'pass:null', curve)
    if (curve !== 'P-256') assert.equal(await verify(bundle, pem), 'malformed:signature-form', curve)
  }
  for (const hash of ['sha256', 'sha512']) {
    const { bundle, pem } = forge({ curve: 'P-384', hash })
    assert.equal(await verify(bundle, pem, { foreign: true }), 'fail:signature', hash)
  }
})

test('verifyBundle() takes bundles that carry their key only for a key that is trusted', async () => {
  const { bundle, pem } = forge({ curve: 'P-384', hash: 'sha384', embedded: true })
  assert.equal(await verify(bundle, pem, { foreign: true }), 'pass:null')
  assert.equal(await verify(bundle, SPECIFICATION_KEY, { foreign: true }), 'fail:hint')
  assert.match(await verify(bundle, pem), /^malformed:(?:json-null|unknown-field)$/)
})

test('readForeignKey() refuses keys that are not on one of the three curves', () => {
  for (const key of [generateKeyPairSync('ed25519'), generateKeyPairSync('ec', { namedCurve: 'secp256k1' })])
    assert.throws(() => readForeignKey(pemOf(key.publicKey)), { code: 'key-unreadable' })
  assert.throws(() => readForeignKey('no key'), { code: 'key-unreadable' })
})

test('printLikePython() prints bytes as Python does', () => {
  assert.equal(printLikePython(toUtf8('{"a": "é\t\\"}\n')), String.raw`b'{"a": "\xc3\xa9\t\\"}\n'`)
  assert.equal(printLikePython(toUtf8("it's")), `b"it's"`)
  assert.equal(printLikePython(toUtf8(`it's "so"`)), String.raw`b'it\'s "so"'`)
})

test('verifyBundle() takes the encoding of model_signing 0.2 only where it is asked for', async () => {
  const subject = artefact.files.map(({ path, sha256: digest }) => ({
    name: path,
    digest: { sha256: digest },
    annotations: { actual_hash_algorithm: 'file-sha256' },
  }))
  const predicate = { unused: 'Unused, just passed due to API requirements' }
  const type = 'https://in-toto.io/Statement/v1'
  const old = { _type: type, subject, predicateType: 'https://model_signing/Digests/v0.1', predicate }
  const signed = toUtf8(JSON.stringify(old, null, 2))
  const { bundle, pem } = forge({
    curve: 'P-384',
    hash: 'sha384',
    encode: legacyEncoding,
    payload: signed,
    embedded: true,
  })
  assert.equal(await verify(bundle, pem, { legacy: true }), 'pass:null')
  assert.equal(
    await verify(bundle, pem, { legacy: true, artefact: holdFiles({ ...model, 'a-b': 'x' }) }),
    'fail:file-changed',
  )
  assert.equal(await verify(bundle, pem, { legacy: true, artefact: holdFiles({ ...model, x: '' }) }), 'fail:file-extra')
  assert.equal(await verify(bundle, pem, { foreign: true }), 'fail:signature')
  const modern = forge({ curve: 'P-256', hash: 'sha256', encode: legacyEncoding })
  assert.equal(await verify(modern.bundle, modern.pem), 'fail:signature')
})

const vector = (...path: readonly string[]): Uint8Array =>
  readFileSync(sharedPath('vectors', 'oms', 'test-vectors', 'v1.0', ...path) ?? '')

test(
  'verifyBundle() takes the valid vectors of the specification as far as they are signed by a key',
  needsShared('vectors', 'oms'),
  async () => {
    const options = { now: 0, publicKeyPem: SPECIFICATION_KEY, foreign: true }
    const key = await verifyBundle(vector('valid', 'key.bundle.json'), options)
    assert.deepEqual([key.verdict, key.reason], ['partial', 'no-artefact'])
    for (const name of ['certificate', 'sigstore']) {
      const { verdict, checks } = await verifyBundle(vector('valid', `${name}.bundle.json`), options)
      assert.equal(verdict, 'malformed')
      assert.match(checks[0]?.message ?? '', /signed by a certificate.*only bundles signed by a public key/)
    }
  },
)

test('verifyBundle() refuses the invalid vectors of the specification', needsShared('vectors', 'oms'), async () => {
  const options = { now: 0, publicKeyPem: SPECIFICATION_KEY, foreign: true }
  for (const [name, reason] of [
    ['empty', 'json'],
    ['missing-envelope', 'content'],
    ['missing-verification-material', 'missing-field'],
    ['missing-tlog-entries', 'key-method'],
  ] as const) {
    const report = await verifyBundle(vector('invalid', `${name}.bundle.json`), options)
    assert.deepEqual([report.verdict, report.reason], ['malformed', reason], name)
  }
  const wrong = await verifyBundle(vector('invalid-payload', 'wrong-predicate.bundle.json'), options)
  assert.equal(wrong.verdict, 'fail')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sha256 } from '../../base/index.ts'
import { makeSigner } from '../../testing/publication.ts'
import { writeBundle } from '../bundle.ts'
import { preAuthEncoding } from '../dsse.ts'
import { nameKey, readPublicKey } from '../public-key.ts'
import { webCryptography } from '../cryptography.ts'
import type { TrustedKey } from '../check-key.ts'
import { CLEARANCE_TYPE } from '../clearance.ts'
import { derToRaw } from '../ecdsa.ts'
import type { Signer } from '../keys/signing-key.ts'
import { verifyBundle } from '../verify-bundle.ts'
import { verifyToken, type TokenOptions } from './check.ts'
import { issueToken, tokenAddress, type TokenRequest } from './issue.ts'
import { encodeToken, readToken, TOKEN_RESULTS } from './layout.ts'

const signer = makeSigner()
const dirHash = sha256('oak')
const request: TokenRequest = {
  number: '260000000012',
  dirHash,
  result: 'cleared',
  expiresOn: '2027-11-23',
  statusIndex: 131_071,
}
const token = await issueToken(request, signer)
const address = tokenAddress('https://register.example', request.number, token)
const now = Date.parse('2026-12-01T00:00:00Z')
const trusting: TokenOptions = {
  now,
  dirHash,
  trustedKeys: [{ publicKeyPem: signer.publicKeyPem }],
  readStatus: () => 'valid',
}

async function came(text: string, options: Partial<TokenOptions> = {}): Promise<string> {
  const { verdict, reason } = await verifyToken(text, { ...trusting, ...options })
  return `${verdict}:${reason}`
}

test('verifyToken() passes a token and the address that carries it, 97 bytes in 130 characters', async () => {
  assert.equal(token.length, 130)
  const report = await verifyToken(address, trusting)
  assert.deepEqual([report.verdict, report.reason], ['pass', null])
  assert.deepEqual(report.token, {
    number: '260000000012',
    model: dirHash.slice(0, 32),
    result: 'cleared',
    expiresOn: '2027-11-23',
    statusIndex: 131_071,
    keyPrefix: sha256(signer.publicKeyPem).slice(0, 8),
  })
  assert.equal(await came(token), 'pass:null')
})

test('verifyToken() is partial, never pass, without a status list, without the model, and for a key out of time', async () => {
  const { readStatus: _, ...silent } = trusting
  const { dirHash: __, ...unseen } = trusting
  assert.equal((await verifyToken(address, silent)).reason, 'status-unknown')
  assert.equal((await verifyToken(address, silent)).verdict, 'partial')
  const without = await verifyToken(address, unseen)
  assert.deepEqual([without.verdict, without.reason], ['partial', 'no-artefact'])
  const { publicKeyPem } = signer
  assert.equal(
    await came(address, { trustedKeys: [{ publicKeyPem, validUntil: now - 1 }] }),
    'partial:key-validity-unknown',
  )
  assert.equal(
    await came(address, { trustedKeys: [{ publicKeyPem, needsTime: true }] }),
    'partial:key-validity-unknown',
  )
  assert.equal(await came(address, { trustedKeys: [{ publicKeyPem, validFrom: now + 1 }] }), 'fail:key-validity')
  assert.equal(
    await came(await issueToken({ ...request, statusIndex: undefined } as never, signer)),
    'partial:status-unknown',
  )
})

test('attack: verifyToken() takes no token by a key that others may have, or that may not sign certificates', async () => {
  const { publicKeyPem } = signer
  const judged = (trust: Partial<TrustedKey>): Promise<string> =>
    came(address, { trustedKeys: [{ publicKeyPem, ...trust }] })
  assert.equal(await judged({ compromisedFrom: now + 1, needsTime: true }), 'revoked:key-compromised')
  assert.equal(
    await judged({ predicateTypes: ['https://tidewaiter.example/attestation/mot-result/v0.1'] }),
    'fail:key-role',
  )
  assert.equal(await judged({ predicateTypes: [CLEARANCE_TYPE] }), 'pass:null')
})

test('verifyToken() says revoked, suspended, superseded and expired', async () => {
  for (const status of ['revoked', 'suspended', 'superseded'] as const)
    assert.equal(await came(address, { readStatus: () => status }), `revoked:${status}`)
  assert.equal(await came(address, { now: Date.parse('2027-11-23T23:59:59Z') }), 'pass:null')
  assert.equal(await came(address, { now: Date.parse('2027-11-24T00:00:00Z') }), 'expired:expired')
})

test('verifyToken() refuses another model, another key and no key', async () => {
  assert.equal(await came(address, { dirHash: sha256('birch') }), 'fail:subject-mismatch')
  assert.equal(await came(address, { trustedKeys: [{ publicKeyPem: makeSigner().publicKeyPem }] }), 'fail:hint')
  assert.equal(await came(address, { trustedKeys: [] }), 'fail:key-missing')
})

test('verifyToken() refuses every flipped bit', async () => {
  const bytes = Buffer.from(token, 'base64url')
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const flipped = Buffer.from(bytes)
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    const { verdict, token: said } = await verifyToken(flipped.toString('base64url'), trusting)
    assert.ok(verdict === 'fail' || verdict === 'malformed', `bit ${bit}: ${verdict}`)
    assert.equal(said, null)
  }
})

test('verifyToken() refuses a token of another number, shortened, lengthened, and every other text of the same bytes', async () => {
  assert.equal(await came(tokenAddress('https://register.example', '260000000021', token)), 'malformed:number-mismatch')
  const last = token.at(-1) ?? ''
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const other = alphabet[alphabet.indexOf(last) + 1] ?? 'B'
  for (const text of [
    '',
    token.slice(1),
    token.slice(0, -1),
    `${token}A`,
    `${token}==`,
    `${token.slice(0, -1)}${other}`,
    `${address}#${token}`,
    `${address}?x`,
    address.replace('/c/', '/d/'),
    address.replace('https:', 'javascript:'),
    'x'.repeat(100_000),
    `https://a@b/c/${request.number}#${token}`,
  ])
    assert.match(await came(text), /^malformed:(?:token-form|base64)$/, text.slice(0, 80))
})

test('verifyToken() takes one of the two forms of a signature, so that one token has one text', async () => {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const bytes = Buffer.from(token, 'base64url')
  const s = order - BigInt(`0x${bytes.subarray(65).toString('hex')}`)
  const other = Buffer.concat([bytes.subarray(0, 65), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')])
  assert.equal(await came(other.toString('base64url')), 'malformed:token-form')
})

test('verifyToken() takes no signature of another statement, and no bundle takes one of a token', async () => {
  const { signed, signature } = readToken(token)
  const content = signed.subarray(-33)
  const key = readPublicKey(signer.publicKeyPem)
  for (const message of [
    content,
    preAuthEncoding('application/vnd.in-toto+json', content),
    preAuthEncoding('', signed),
  ]) {
    const foreign = derToRaw(await signer.sign(message))
    const verdict = await came(encodeToken(content, foreign))
    assert.ok(verdict === 'fail:signature' || verdict === 'malformed:token-form', verdict)
    assert.equal(await webCryptography.verifyP256(key.point, signature, message), false)
  }
  const { keyId } = await nameKey(key, webCryptography)
  for (const payload of [signed, content]) {
    const bundle = writeBundle({ keyId, payload, signature: toDer(signature) })
    const report = await verifyBundle(Buffer.from(bundle), { now, publicKeyPem: signer.publicKeyPem })
    assert.deepEqual([report.verdict, report.reason], ['fail', 'signature'])
  }
})

test('readToken(): no envelope, timestamp or certificate begins as what a token signs', () => {
  const begins = Buffer.from(readToken(token).signed.subarray(0, 7)).toString()
  assert.equal(begins, 'Tidewai')
  fc.assert(
    fc.property(fc.string(), fc.uint8Array(), (type, payload) => {
      assert.equal(Buffer.from(preAuthEncoding(type, payload).subarray(0, 7)).toString(), 'DSSEv1 ')
    }),
  )
})

/** DER of r‖s, by hand: the reader under test is not asked. */
function toDer(raw: Uint8Array): Uint8Array {
  const integer = (digits: Uint8Array): number[] => {
    const bytes = [...digits.subarray(digits.findIndex((byte) => byte !== 0))]
    const positive = (bytes[0] ?? 0) >= 0x80 ? [0, ...bytes] : bytes
    return [2, positive.length, ...positive]
  }
  const body = [...integer(raw.subarray(0, 32)), ...integer(raw.subarray(32))]
  return Uint8Array.from([0x30, body.length, ...body])
}

test('issueToken() and readToken() carry every content there and back', async () => {
  const contents = fc.record({
    serial: fc.integer({ min: 1, max: 999_999_999 }),
    result: fc.constantFrom(...TOKEN_RESULTS),
    days: fc.integer({ min: 0, max: 65_535 }),
    statusIndex: fc.integer({ min: 0, max: 2 ** 32 - 2 }),
    dirHash: fc.string().map(sha256),
  })
  const { formatNumber } = await import('../number.ts')
  await fc.assert(
    fc.asyncProperty(contents, async ({ serial, result, days, statusIndex, dirHash: hash }) => {
      const number = formatNumber({ year: 2099, serial })
      const expiresOn = new Date(days * 86_400_000).toISOString().slice(0, 10)
      const read = readToken(await issueToken({ number, result, expiresOn, statusIndex, dirHash: hash }, signer))
      assert.deepEqual(
        [read.number, read.result, read.expiresOn, read.statusIndex, read.model],
        [number, result, expiresOn, statusIndex, hash.slice(0, 32)],
      )
    }),
    { numRuns: 50 },
  )
})

test('issueToken() refuses what a token cannot say', async () => {
  const refused: readonly Partial<TokenRequest>[] = [
    { number: '260000000013' },
    { dirHash: 'AB'.repeat(32) },
    { expiresOn: '2027-02-30' },
    { expiresOn: '2200-01-01' },
    { statusIndex: 2 ** 32 - 1 },
    { statusIndex: -1 },
    { statusIndex: 1.5 },
  ]
  for (const change of refused)
    await assert.rejects(issueToken({ ...request, ...change }, signer), { name: 'Fault' }, JSON.stringify(change))
  const liar: Signer = { ...makeSigner(), publicKeyPem: signer.publicKeyPem }
  await assert.rejects(issueToken(request, liar), { code: 'signer' })
})

test('verifyToken() never throws because of what it is given', async () => {
  const encoded = fc.base64String({ minLength: 128, maxLength: 136 })
  const addresses = fc
    .tuple(fc.string({ maxLength: 12 }), encoded)
    .map(([path, text]) => `https://${path}/c/260000000012#${text}`)
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), encoded, addresses), async (text) => {
      assert.equal((await verifyToken(text, trusting)).verdict, 'malformed')
    }),
  )
})

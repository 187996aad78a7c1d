import assert from 'node:assert/strict'
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { sha256 } from '../../base/index.ts'
import { bytesOf, DocketWriter, hashOf } from '../../testing/dockets.ts'
import { buildLeaf } from '../log-entry.ts'
import { SignatureObserver } from './signature-observer.ts'

interface Key {
  readonly privateKey: KeyObject
  readonly spki: Buffer
  readonly id: string
}

function makeKey(): Key {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = sha256(publicKey.export({ type: 'spki', format: 'pem' }).toString())
  return { privateKey, spki: publicKey.export({ type: 'spki', format: 'der' }), id }
}

const [issuer, rogue] = [makeKey(), makeKey()]
const TEXT = Buffer.from('what was signed')
const digest = Buffer.from(sha256(TEXT), 'hex')

/** The entry of a statement: over this digest, by this key, with a signature by perhaps another. */
const entryOf = (spki: Buffer, by: Key, text = TEXT): Uint8Array =>
  buildLeaf({ digest: Buffer.from(sha256(text), 'hex'), signature: sign('sha256', TEXT, by.privateKey), spki })

/** The register leaf of that statement. */
function leafOf(entry: Uint8Array): Uint8Array {
  const { leaf } = new DocketWriter().say('a', { kind: 'declaration' })
  const said = { statement: digest.toString('hex'), entry: hashOf(entry), issuer: issuer.id }
  return bytesOf({ ...leaf, ...said })
}

function codesOf(leaves: readonly Uint8Array[], observer = new SignatureObserver()): readonly string[] {
  return leaves.flatMap((data, index) =>
    observer.observe({ index, data, leafHash: Buffer.from(hashOf(data), 'hex') }).map(({ code }) => code),
  )
}

test('SignatureObserver is silent about what its issuer signed, also when it goes on from what it kept', () => {
  const entry = entryOf(issuer.spki, issuer)
  assert.deepEqual(codesOf([entry, leafOf(entry)]), [])
  const first = new SignatureObserver()
  assert.deepEqual(codesOf([entry], first), [])
  assert.deepEqual(codesOf([leafOf(entry)], new SignatureObserver(first.save())), [])
})

test('SignatureObserver says when a leaf speaks in the name of somebody who did not sign', () => {
  const honest = entryOf(issuer.spki, issuer)
  assert.deepEqual(codesOf([leafOf(honest)]), ['entry-missing'])
  const many = Array.from({ length: 40 }, (_, at) => Buffer.from(`leaf ${at}`))
  assert.deepEqual(codesOf([honest, ...many, leafOf(honest)]), ['entry-missing'])
  const forged = entryOf(issuer.spki, rogue)
  assert.deepEqual(codesOf([forged, leafOf(forged)]), ['entry-signature'])
  const garbage = Buffer.from('{"kind":"hashedrekord"}')
  assert.deepEqual(codesOf([garbage, leafOf(garbage)]), ['entry-signature'])
  const others = entryOf(rogue.spki, rogue)
  assert.deepEqual(codesOf([others, leafOf(others)]), ['entry-signer'])
  const words = Buffer.from('other words')
  const signed = buildLeaf({
    digest: Buffer.from(sha256(words), 'hex'),
    signature: sign('sha256', words, issuer.privateKey),
    spki: issuer.spki,
  })
  assert.deepEqual(codesOf([signed, leafOf(signed)]), ['entry-mismatch'])
})

test('SignatureObserver throws nothing and keeps little, whatever the leaves hold', () => {
  const leaf = fc.oneof(
    fc.uint8Array({ maxLength: 3000 }),
    fc.string().map((text) => Buffer.from(`{"apiVersion":"1","kind":"register",${text}`)),
  )
  fc.assert(
    fc.property(fc.array(leaf, { maxLength: 40 }), (leaves) => {
      const observer = new SignatureObserver()
      codesOf(leaves, observer)
      assert.ok(observer.save().length < 60_000)
    }),
    { numRuns: 100 },
  )
})

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isFault } from '../base/index.ts'
import { needsShared, sharedPath } from '../testing/folders.ts'
import { webCryptography } from './cryptography.ts'
import { derToRaw } from './ecdsa.ts'

const VECTORS = ['vectors', 'wycheproof', 'testvectors_v1', 'ecdsa_secp256r1_sha256_test.json'] as const

interface Wycheproof {
  readonly testGroups: readonly {
    readonly publicKey: { readonly uncompressed: string }
    readonly tests: readonly {
      readonly tcId: number
      readonly msg: string
      readonly sig: string
      readonly result: string
    }[]
  }[]
}

async function accepts(point: Buffer, signature: Buffer, message: Buffer): Promise<boolean> {
  try {
    return await webCryptography.verifyP256(point, derToRaw(signature), message)
  } catch (thrown) {
    if (isFault(thrown, 'signature-form')) return false
    throw thrown
  }
}

test('derToRaw() and WebCrypto agree with every Wycheproof vector of P-256', needsShared(...VECTORS), async () => {
  const { testGroups } = JSON.parse(readFileSync(sharedPath(...VECTORS) ?? '', 'utf8')) as Wycheproof
  let count = 0
  for (const group of testGroups) {
    const point = Buffer.from(group.publicKey.uncompressed, 'hex')
    for (const { tcId, msg, sig, result } of group.tests) {
      const accepted = await accepts(point, Buffer.from(sig, 'hex'), Buffer.from(msg, 'hex'))
      assert.equal(accepted, result === 'valid', `vector ${tcId}`)
      count++
    }
  }
  assert.ok(count > 400, `${count} vectors`)
})

test('derToRaw() takes the shortest DER only', () => {
  const raw = new Uint8Array(64)
  raw[31] = 1
  raw[63] = 0x80
  assert.deepEqual(derToRaw(Buffer.from('300702010102020080', 'hex')), raw)
  const refused = [
    '',
    '3000',
    '30070201010202008000',
    '3081070201010202008000',
    '30080202000102020080',
    '300602010102018f',
    '300702010002020080',
    '30060201010201',
    `3026020101022100${'ff'.repeat(32)}`,
    '00'.repeat(64),
  ]
  for (const hex of refused) assert.throws(() => derToRaw(Buffer.from(hex, 'hex')), { code: 'signature-form' }, hex)
})

test('verifyP256() says no to a point off the curve', async () => {
  const point = new Uint8Array(65)
  point[0] = 4
  assert.equal(await webCryptography.verifyP256(point, new Uint8Array(64), new Uint8Array()), false)
})

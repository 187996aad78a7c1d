import assert from 'node:assert/strict'
import { createHash, createPublicKey, ECDH, generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { needsShared, sharedPath } from '../testing/folders.ts'
import { webCryptography } from './cryptography.ts'
import { nameKey, readPublicKey } from './public-key.ts'

const COMPRESSED_START = '3039301306072a8648ce3d020106082a8648ce3d030107032200'

function makePem(): string {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }).toString()
}

function compress(pem: string): string {
  const der = createPublicKey(pem).export({ type: 'spki', format: 'der' })
  const point = ECDH.convertKey(der.subarray(26), 'prime256v1', undefined, undefined, 'compressed') as Buffer
  const body = Buffer.concat([Buffer.from(COMPRESSED_START, 'hex'), point]).toString('base64')
  return `-----BEGIN PUBLIC KEY-----\n${body}\n-----END PUBLIC KEY-----\n`
}

test('readPublicKey() writes every spelling of a key in one form, which is that of node:crypto', () => {
  for (let i = 0; i < 20; i++) {
    const pem = makePem()
    const oneLine = pem.replace(/\n(?!-|$)/g, (end, at: number) => (at < 30 ? end : ''))
    for (const spelling of [pem, pem.replaceAll('\n', '\r\n'), `\n${pem.trim()}`, oneLine, compress(pem)])
      assert.equal(readPublicKey(spelling).pem, pem)
  }
})

test('readPublicKey() refuses other keys, several keys and points off the curve', () => {
  const pem = makePem()
  const others = [
    generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    pem + pem,
    'no key',
    `-----BEGIN PUBLIC KEY-----\n${Buffer.from(`${COMPRESSED_START}02${'00'.repeat(31)}01`, 'hex').toString('base64')}\n-----END PUBLIC KEY-----\n`,
  ]
  for (const other of others) assert.throws(() => readPublicKey(other), { code: 'key-unreadable' }, other)
})

test(
  'nameKey() gives the key id as model_signing, cosign and ssh-keygen write it',
  needsShared('vectors', 'interop'),
  async () => {
    const pem = readFileSync(sharedPath('vectors', 'interop', 'keys', 'signer.pub.pem') ?? '', 'utf8')
    assert.deepEqual(await nameKey(readPublicKey(pem), webCryptography), {
      keyId: 'a3dbbdabb120dbbdf625554ba517bcb282de4d85868b277e909af95d24617438',
      derHint: 'OK1FDgv9J1m198kf1c5XZraIEsvRWho+sIaADFZvrzs=',
      ssh: 'SHA256:UtVUUmxghgAP8GmcLF+KSQOj2mjSRiuMTueQ+wxcdxw',
    })
  },
)

test('nameKey() gives the SHA-256 of the PEM as the key id', async () => {
  const pem = makePem()
  const { keyId } = await nameKey(readPublicKey(pem), webCryptography)
  assert.equal(keyId, createHash('sha256').update(pem).digest('hex'))
})

/**
 * ECDSA over a digest, as tokens and key services sign: node:crypto always hashes what it is given.
 *
 * Plain, slow, and not in constant time: for tests alone. Source: FIPS 186-5, section 6.4.1.
 */
import { createECDH, type KeyObject } from 'node:crypto'
import { rawToDer } from '../certificate/ecdsa.ts'

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
}

function toBytes(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex')
}

function invert(value: bigint): bigint {
  let [a, b, x, y] = [value % ORDER, ORDER, 1n, 0n]
  while (b > 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y]
  return ((x % ORDER) + ORDER) % ORDER
}

/** Signs a digest of 32 bytes with a P-256 key; DER, or r‖s. */
export function ecdsaOfDigest(key: KeyObject, digest: Uint8Array, encoding: 'der' | 'ieee-p1363'): Buffer {
  const secret = toNumber(Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url'))
  const nonce = createECDH('prime256v1')
  const r = toNumber(nonce.generateKeys().subarray(1, 33)) % ORDER
  const s = (invert(toNumber(nonce.getPrivateKey())) * (toNumber(digest) + r * secret)) % ORDER
  const raw = Buffer.concat([toBytes(r), toBytes(s)])
  return encoding === 'der' ? Buffer.from(rawToDer(raw)) : raw
}

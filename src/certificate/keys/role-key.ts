/**
 * Public keys of all roles: P-256 for statements and clocks, Ed25519 and ML-DSA-44 for logs and witnesses.
 *
 * A key has many texts; it is written again in one form, and the SHA-256 of that PEM in hex is its id, as for the keys
 * of statements. So a key that comes twice, once compressed and once not, is one key.
 *
 * Source: RFC 5480, RFC 8410 section 4, RFC 9881 section 4 (ML-DSA in SubjectPublicKeyInfo).
 */
import { Fault } from '../../base/index.ts'
import type { Cryptography } from '../cryptography.ts'
import { toHex, toUtf8 } from '../encoding.ts'
import { readPem, readPublicKey, writePem } from '../public-key.ts'
import type { Role } from './roles.ts'

/** What a key signs with. */
export type KeyAlgorithm = 'ecdsa-p256' | 'ed25519' | 'ml-dsa-44'

/** A public key of some role. */
export interface RoleKey {
  readonly algorithm: KeyAlgorithm
  /** PEM in the one form. */
  readonly pem: string
  /** Hex SHA-256 of the PEM. */
  readonly keyId: string
}

interface Form {
  readonly algorithm: KeyAlgorithm
  /** DER in hex up to the key itself. */
  readonly start: string
  /** Bytes of the key itself. */
  readonly size: number
}

const FORMS: readonly Form[] = [
  { algorithm: 'ed25519', start: '302a300506032b6570032100', size: 32 },
  { algorithm: 'ml-dsa-44', start: '30820532300b06096086480165030403110382052100', size: 1312 },
]

function readForm(der: Uint8Array): Form | undefined {
  const hex = toHex(der.subarray(0, 32))
  return FORMS.find(({ start, size }) => hex.startsWith(start) && der.length === start.length / 2 + size)
}

/** Reads a public key in PEM. @throws Fault `key-unreadable`, `base64` */
export async function readRoleKey(pem: string, cryptography: Cryptography): Promise<RoleKey> {
  const der = readPem(pem)
  const form = readForm(der)
  const key =
    form === undefined
      ? { algorithm: 'ecdsa-p256' as const, pem: readPublicKey(pem).pem }
      : { algorithm: form.algorithm, pem: writePem(der) }
  return { ...key, keyId: toHex(await cryptography.sha256(toUtf8(key.pem))) }
}

/** Refuses a key of an algorithm that its role does not use; logs and witnesses use them all. @throws Fault `keyring-algorithm` */
export function checkAlgorithm({ algorithm, keyId }: RoleKey, role: Role): void {
  const fits = role === 'log' || role === 'witness' || algorithm === 'ecdsa-p256'
  if (!fits) throw new Fault('keyring-algorithm', `the key ${keyId} is ${algorithm}; keys of a ${role} are ECDSA P-256`)
}

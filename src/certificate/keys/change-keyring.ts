/**
 * Changes to a keyring: a key is added, ends, or is revoked from a time; nothing is ever taken out or made good again.
 *
 * Guarantee: what was allowed before stays allowed unless the change is a revocation, and a revocation can only be moved
 * to an earlier time.
 */
import { Fault, formatTime } from '../../base/index.ts'
import type { Keyring, KeyringKey, KeyRevocation } from './keyring.ts'

function findKey({ keys }: Keyring, keyId: string): KeyringKey {
  const key = keys.find((one) => one.keyId === keyId)
  if (key === undefined) throw new Fault('key-unknown', `the key ${keyId} is not in the keyring`)
  return key
}

function withKey({ keys, quorums }: Keyring, changed: KeyringKey): Keyring {
  return { keys: keys.map((key) => (key.keyId === changed.keyId ? changed : key)), quorums }
}

/** The keyring with a key more. @throws Fault `keyring-duplicate` */
export function addKey({ keys, quorums }: Keyring, key: KeyringKey): Keyring {
  if (keys.some(({ keyId }) => keyId === key.keyId))
    throw new Fault('keyring-duplicate', `the key ${key.keyId} is in the keyring already`)
  return { keys: [...keys, key], quorums }
}

/** What replaces a key. */
export interface KeyRotation {
  /** The key that ends. */
  readonly keyId: string
  /** The new one; it takes over role, unit and permissions. */
  readonly next: Pick<KeyringKey, 'keyId' | 'publicKeyPem' | 'algorithm'>
  /** When the new one begins, ms since 1970. */
  readonly at: number
  /** How long both hold, in ms. */
  readonly overlap: number
}

/**
 * Replaces a key: the next holds from `at`, the old one until `at` and the overlap, or its own earlier end.
 *
 * @throws Fault `key-unknown`, `key-revoked`, `keyring-duplicate`, `keyring-time`
 */
export function rotateKey(keyring: Keyring, { keyId, next, at, overlap }: KeyRotation): Keyring {
  const old = findKey(keyring, keyId)
  if (old.revoked !== undefined) throw new Fault('key-revoked', `the key ${keyId} is revoked; add a key instead`)
  if (at < old.validFrom || overlap < 0)
    throw new Fault('keyring-time', `the next key cannot begin at ${formatTime(at)}, before the one that it replaces`)
  const validUntil = Math.min(old.validUntil ?? Infinity, at + overlap)
  const { role, unit, predicateTypes } = old
  const added = { ...next, role, ...(unit === undefined ? {} : { unit }), predicateTypes, validFrom: at }
  return addKey(withKey(keyring, { ...old, validUntil }), added)
}

/** Revokes a key from a time on. @throws Fault `key-unknown`; `key-revoked` when it is revoked from an earlier time already */
export function revokeKey(keyring: Keyring, keyId: string, revoked: KeyRevocation): Keyring {
  const key = findKey(keyring, keyId)
  if (key.revoked !== undefined && key.revoked.from <= revoked.from)
    throw new Fault(
      'key-revoked',
      `the key ${keyId} is revoked from ${formatTime(key.revoked.from)}; that can be moved to an earlier time only`,
    )
  return withKey(keyring, { ...key, revoked })
}

function refuseSuccessor(keyId: string, what: string): never {
  throw new Fault('keyring-successor', `the keyring ${what} the key ${keyId}; what was trusted before would change`)
}

/**
 * Holds a keyring against the one that it follows: no key is taken out, given to another role or unit, or made good
 * again. Whoever steals the key that publishes keyrings cannot undo a revocation with it.
 *
 * @throws Fault `keyring-successor`
 */
export function checkSuccessor(before: Keyring, next: Keyring): void {
  for (const old of before.keys) {
    const key = next.keys.find(({ keyId }) => keyId === old.keyId)
    if (key === undefined) return refuseSuccessor(old.keyId, 'leaves out')
    if (key.role !== old.role || key.unit !== old.unit) refuseSuccessor(old.keyId, 'gives to another')
    if (key.validFrom < old.validFrom) refuseSuccessor(old.keyId, 'dates back')
    if (old.revoked !== undefined && (key.revoked?.from ?? Infinity) > old.revoked.from)
      refuseSuccessor(old.keyId, 'makes good again')
  }
}

/**
 * The keyring: which keys there are, what each may sign, from when until when, and how many must agree on what bites.
 *
 * One JSON document, `stations.json`, that is distributed as a target of the TUF repository and read whole or not at
 * all. Strict: an unknown member, a key that stands twice (in whatever spelling), an id that is not that of its key or
 * a permission beyond the role refuses the document, because a keyring that is half understood allows what nobody meant.
 *
 * A key is never taken out: what it signed while it was good stays good, so it ends by `validUntil`, or by `revoked`
 * from a time on. Times are RFC 3339 in UTC to the second; `validFrom` and `validUntil` are inclusive.
 */
import { canonicalJson, Fault, formatTime, parseStrictJson } from '../../base/index.ts'
import type { Cryptography } from '../cryptography.ts'
import { Members } from '../members.ts'
import { checkAlgorithm, readRoleKey, type KeyAlgorithm } from './role-key.ts'
import { ceilingOf, hasUnit, ROLES, type Role } from './roles.ts'

/** Why a key is revoked: somebody else may have it, or its holder may sign no longer. */
export const REVOCATIONS = ['compromised', 'withdrawn'] as const

/** From when on a key is void. */
export interface KeyRevocation {
  /** ms since 1970. What was signed at this time or later is void, and so is what no trusted time dates. */
  readonly from: number
  readonly reason: (typeof REVOCATIONS)[number]
}

/** One key of the keyring. */
export interface KeyringKey {
  /** Hex SHA-256 of the PEM. */
  readonly keyId: string
  readonly publicKeyPem: string
  readonly algorithm: KeyAlgorithm
  readonly role: Role
  /** The office, station or site that holds it; two keys of one unit are one voice. */
  readonly unit?: string
  readonly predicateTypes: readonly string[]
  /** ms since 1970, inclusive. */
  readonly validFrom: number
  readonly validUntil?: number
  readonly revoked?: KeyRevocation
}

/** How many units must agree on one decision. */
export interface QuorumRule {
  /** As it stands in `predicate.decision`: `seized`. */
  readonly decision: string
  readonly threshold: number
  /** Roles whose keys count. */
  readonly roles: readonly Role[]
}

/** See the module. */
export interface Keyring {
  readonly keys: readonly KeyringKey[]
  readonly quorums: readonly QuorumRule[]
}

const SCHEMA = 'tidewaiter/keyring/v1'
const MAX_BYTES = 4 * 1024 * 1024
const MAX_TEXT = 200

function refuse(code: string, message: string): never {
  throw new Fault(`keyring-${code}`, message)
}

function readTime(members: Members, name: string): number {
  const text = members.text(name)
  const ms = Date.parse(text)
  if (Number.isFinite(ms) && formatTime(ms) === text) return ms
  return refuse('time', `${members.where}.${name} is "${text.slice(0, 40)}", not a time such as 2026-11-23T00:00:00Z`)
}

function readPredicateTypes(members: Members, role: Role): readonly string[] {
  const types = members.texts('predicateTypes')
  const ceiling = ceilingOf(role)
  const beyond = types.find((type) => !ceiling.includes(type))
  if (beyond !== undefined)
    refuse('role', `${members.where}: a key of a ${role} may not sign ${JSON.stringify(beyond.slice(0, MAX_TEXT))}`)
  if (new Set(types).size < types.length) refuse('duplicate', `${members.where} allows a predicate type twice`)
  return types
}

function readUnit(members: Members, role: Role): { readonly unit?: string } {
  if (!members.has('unit')) {
    if (hasUnit(role)) refuse('unit', `${members.where} names no unit; a key of a ${role} belongs to one`)
    return {}
  }
  const unit = members.text('unit')
  if (/^[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?$/.test(unit)) return { unit }
  return refuse('unit', `${members.where}.unit is ${JSON.stringify(unit.slice(0, 70))}; small letters, digits, - and .`)
}

function readRevocation(members: Members): { readonly revoked?: KeyRevocation } {
  if (!members.has('revoked')) return {}
  const revoked = members.members('revoked', { required: ['from', 'reason'] })
  return { revoked: { from: readTime(revoked, 'from'), reason: revoked.oneOf('reason', REVOCATIONS) } }
}

async function readKey(members: Members, cryptography: Cryptography): Promise<KeyringKey> {
  const role = members.oneOf('role', ROLES)
  const key = await readRoleKey(members.text('publicKey'), cryptography)
  if (members.text('keyId') !== key.keyId)
    refuse('key-id', `${members.where}: the id of its key is ${key.keyId}, not ${members.text('keyId').slice(0, 64)}`)
  checkAlgorithm(key, role)
  const validFrom = readTime(members, 'validFrom')
  const validUntil = members.has('validUntil') ? { validUntil: readTime(members, 'validUntil') } : {}
  if ((validUntil.validUntil ?? Infinity) < validFrom) refuse('time', `${members.where} ends before it begins`)
  return {
    keyId: key.keyId,
    publicKeyPem: key.pem,
    algorithm: key.algorithm,
    role,
    ...readUnit(members, role),
    predicateTypes: readPredicateTypes(members, role),
    validFrom,
    ...validUntil,
    ...readRevocation(members),
  }
}

function readQuorum(members: Members): QuorumRule {
  const [decision, threshold] = [members.text('decision'), members.count('threshold')]
  const roles = members.texts('roles').map((name) => {
    const role = ROLES.find((one) => one === name)
    return role !== undefined && hasUnit(role) ? role : refuse('role', `${members.where}: a "${name}" decides nothing`)
  })
  if (threshold < 2) refuse('quorum', `${members.where}: the threshold is ${threshold}; what bites takes two or more`)
  if (roles.length === 0) refuse('quorum', `${members.where} names no role`)
  return { decision, threshold, roles }
}

function refuseTwice(names: readonly string[], what: string): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) refuse('duplicate', `the keyring holds the ${what} ${twice.slice(0, MAX_TEXT)} twice`)
}

/**
 * Reads a keyring.
 *
 * @throws Fault `keyring-…`, `key-unreadable`, and those of {@link Members} and {@link parseStrictJson}
 */
export async function readKeyring(bytes: Uint8Array, cryptography: Cryptography): Promise<Keyring> {
  const document = new Members(parseStrictJson(bytes, { maxBytes: MAX_BYTES }), 'keyring', {
    required: ['schema', 'keys', 'quorums'],
  })
  document.oneOf('schema', [SCHEMA])
  const required = ['keyId', 'publicKey', 'role', 'predicateTypes', 'validFrom']
  const entries = document.each('keys', { required, optional: ['unit', 'validUntil', 'revoked'] })
  const keys = await Promise.all(entries.map((entry) => readKey(entry, cryptography)))
  const quorums = document.each('quorums', { required: ['decision', 'threshold', 'roles'] }).map(readQuorum)
  refuseTwice(
    keys.map(({ keyId }) => keyId),
    'key',
  )
  refuseTwice(
    quorums.map(({ decision }) => decision),
    'quorum for',
  )
  return { keys, quorums }
}

function writeKey({ keyId, publicKeyPem, role, unit, predicateTypes, ...times }: KeyringKey): object {
  const { validFrom, validUntil, revoked } = times
  return {
    keyId,
    publicKey: publicKeyPem,
    role,
    unit,
    predicateTypes,
    validFrom: formatTime(validFrom),
    validUntil: validUntil === undefined ? undefined : formatTime(validUntil),
    revoked: revoked === undefined ? undefined : { from: formatTime(revoked.from), reason: revoked.reason },
  }
}

/** Writes a keyring as canonical JSON, keys in the order given. */
export function writeKeyring({ keys, quorums }: Keyring): string {
  return canonicalJson({ schema: SCHEMA, keys: keys.map(writeKey), quorums })
}

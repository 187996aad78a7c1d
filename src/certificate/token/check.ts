/**
 * Checks a compact token, or the address from a printed code, against keys that the caller keeps. No network.
 *
 * A token says what the certificate said on the day of issue. That it was revoked since only a status list can tell,
 * and that the model at hand is the one that is meant only its bytes; where either is missing the verdict is `partial`,
 * never `pass`. The address is not signed: it says where somebody wants you to look, and no more.
 */
import { Fault } from '../../base/index.ts'
import { readKeys, type ChosenKey, type TrustedKey } from '../check-key.ts'
import { CLEARANCE_TYPE } from '../clearance.ts'
import { webCryptography, type Cryptography } from '../cryptography.ts'
import { CheckFailed, CheckList, held, judge, skipped } from '../report.ts'
import type { Check, Outcome, VerificationVerdict } from '../report.ts'
import { readToken, type Token, type TokenContent } from './layout.ts'

/** What a status list says of an index. */
export type TokenStatus = 'valid' | 'suspended' | 'revoked' | 'superseded'

/** What the caller knows. */
export interface TokenOptions {
  /** ms since 1970. */
  readonly now: number
  readonly trustedKeys: readonly TrustedKey[]
  /** `dirHash` of the model at hand, 64 hex digits. */
  readonly dirHash?: string
  /** Asks a status list that the caller verified; undefined when it does not know the index. */
  readonly readStatus?: (index: number) => TokenStatus | undefined
  readonly cryptography?: Cryptography
}

/** The checks, in the order in which they are made. */
export const TOKEN_CHECKS = ['form', 'key', 'signature', 'model', 'status', 'expiry'] as const

/** What came of it; JSON-safe. */
export interface TokenReport {
  readonly schema: 'tidewaiter/token-check/v1'
  readonly verdict: VerificationVerdict
  /** Code of the check that decided; null when the verdict is `pass`. */
  readonly reason: string | null
  readonly checks: readonly Check<(typeof TOKEN_CHECKS)[number]>[]
  /** What the token says; null before its signature held. */
  readonly token: TokenContent | null
}

const DAY = 86_400_000
const LONGEST_ADDRESS = 2_048

/** Splits an address into number and token; a bare token has no number. */
function splitAddress(text: string): { readonly number?: string; readonly token: string } {
  if (text.length > LONGEST_ADDRESS)
    throw new Fault('token-form', `${text.length} characters; an address has at most ${LONGEST_ADDRESS}`)
  const given = text.trim()
  if (!given.includes(':')) return { token: given }
  const [, number, token] = /^https?:\/\/[^\s/?#@]+\/c\/([0-9]{12})#([^#]*)$/.exec(given) ?? []
  if (number === undefined || token === undefined)
    throw new Fault('token-form', 'the address is not that of a certificate: https://…/c/ 12 digits # token')
  return { number, token }
}

function readForm(text: string): Outcome<Token> {
  const { number, token: encoded } = splitAddress(text)
  const token = readToken(encoded)
  if (number !== undefined && number !== token.number)
    throw new Fault('number-mismatch', `the address names the certificate ${number}, the token ${token.number}`)
  return held('a token of version 1, 97 bytes', token)
}

type Known = TokenOptions & { readonly cryptography: Cryptography }

async function findKeys({ keyPrefix }: Token, known: Known): Promise<Outcome<readonly ChosenKey[]>> {
  const keys = await readKeys(known.trustedKeys, { cryptography: known.cryptography })
  const found = keys.filter(({ names }) => names.keyId.startsWith(keyPrefix))
  if (found.length === 0)
    throw new Fault(
      keys.length === 0 ? 'key-missing' : 'hint',
      `the token names the key ${keyPrefix}…, which is not among the ${keys.length} that are trusted here`,
    )
  return held(`P-256 key ${found.map(({ names }) => names.keyId).join(', ')}`, found)
}

/** A token has no time that anybody but its signer vouches for, so a key that others may have signs none that counts. */
function checkTrust({ predicateTypes, compromisedFrom }: TrustedKey): void {
  if (predicateTypes?.includes(CLEARANCE_TYPE) === false)
    throw new Fault('key-role', 'the key that signed is not trusted to sign certificates')
  if (compromisedFrom !== undefined)
    throw new Fault('key-compromised', 'others may have the key, and a token does not say when it was signed')
}

async function checkSignature(token: Token, keys: readonly ChosenKey[], known: Known): Promise<Outcome> {
  const { cryptography, now } = known
  for (const { key, trust } of keys) {
    if (!(await cryptography.verifyP256(key.point, token.signature, token.signed))) continue
    checkTrust(trust)
    const { validFrom = -Infinity, validUntil = Infinity, needsTime = false } = trust
    if (now < validFrom) throw new Fault('key-validity', 'the key that signed is not valid yet')
    if (now <= validUntil && !needsTime) return held('ECDSA P-256 with SHA-256, by a trusted key', undefined)
    return skipped(
      'key-validity-unknown',
      'the key that signed is no longer valid, or trusted only with a time, and a token does not say when it was signed; ask for the certificate',
    )
  }
  throw new Fault('signature', `the key ${token.keyPrefix}… did not sign this token`)
}

function checkModel({ model }: Token, { dirHash }: Known): Outcome {
  if (dirHash === undefined) return skipped('no-artefact', 'no model was given: nothing was compared with the token')
  if (!dirHash.startsWith(model))
    throw new Fault('subject-mismatch', `the model is another: its dirHash is ${dirHash}, signed is ${model}…`)
  return held('the first 128 bits of dirHash are equal', undefined)
}

function checkStatus({ statusIndex }: Token, { readStatus }: Known): Outcome {
  const status = statusIndex === undefined ? undefined : readStatus?.(statusIndex)
  if (status === undefined)
    return skipped('status-unknown', 'no status list was asked: the certificate may have been revoked since')
  if (status !== 'valid') throw new Fault(status, `the status list says: ${status}`)
  return held('the status list says: valid', undefined)
}

function checkExpiry({ expiresOn }: Token, { now }: Known): Outcome {
  if (now >= Date.parse(expiresOn) + DAY) throw new Fault('expired', `it held until ${expiresOn}`)
  return held(`holds until ${expiresOn}`, undefined)
}

function describe({ number, model, result, expiresOn, statusIndex, keyPrefix }: Token): TokenContent {
  return { number, model, result, expiresOn, keyPrefix, ...(statusIndex === undefined ? {} : { statusIndex }) }
}

/** Checks a token or an address with one; never throws because of what it says. */
export async function verifyToken(text: string, options: TokenOptions): Promise<TokenReport> {
  const known: Known = { ...options, cryptography: options.cryptography ?? webCryptography }
  const checks = new CheckList(TOKEN_CHECKS)
  let said: TokenContent | null = null
  try {
    const token = await checks.make('form', () => readForm(text))
    const keys = await checks.make('key', () => findKeys(token, known))
    await checks.make('signature', () => checkSignature(token, keys, known))
    said = describe(token)
    await checks.make('model', () => checkModel(token, known))
    await checks.make('status', () => checkStatus(token, known))
    await checks.make('expiry', () => checkExpiry(token, known))
  } catch (thrown) {
    if (!(thrown instanceof CheckFailed)) throw thrown
  }
  return { schema: 'tidewaiter/token-check/v1', ...judge(checks.all), checks: checks.all, token: said }
}

/**
 * How people and words stand in a log that is for ever: not at all, only by digests that can be made meaningless.
 *
 * An officer is named by a keyed digest that changes with the year; who holds the key of a year can tell whom it names,
 * and when that key is destroyed nobody can. A text is named by the digest of a random salt and the text; without the
 * salt, which is stored with the text and erased with it, the digest can neither be read nor guessed.
 *
 * Source: HMAC-SHA-256, RFC 2104.
 */
import { createHmac } from 'node:crypto'
import { Fault, sha256, type Randomness } from '../../base/index.ts'

/** Bytes of the key of a year, at least. */
const MIN_KEY_BYTES = 32
const SALT_BYTES = 32

/**
 * The pseudonym of an officer in one year.
 *
 * @param key secret of that year, at least 32 bytes; another for each year
 * @throws Fault `pseudonym-key`, `pseudonym-year`
 */
export function pseudonymOf(officer: string, year: number, key: Uint8Array): string {
  if (key.length < MIN_KEY_BYTES)
    throw new Fault('pseudonym-key', `a key of ${key.length} bytes; at least ${MIN_KEY_BYTES} are needed`)
  if (!Number.isInteger(year) || year < 2000 || year > 9999) throw new Fault('pseudonym-year', `${year} is no year`)
  const digest = createHmac('sha256', key).update(`tidewaiter/officer/v1\n${year}\n${officer}`).digest('hex')
  return `${year}-${digest.slice(0, 32)}`
}

/** A text with its salt, as it is stored where it can be erased, and the digest that goes into the log. */
export interface SaltedText {
  readonly text: string
  /** 32 random bytes, hex. */
  readonly salt: string
  readonly digest: string
}

/** Salts a text. */
export function saltText(text: string, randomness: Randomness): SaltedText {
  const salt = Buffer.from(randomness(SALT_BYTES)).toString('hex')
  return { text, salt, digest: digestOfText(text, salt) }
}

/** The digest of a text under its salt: SHA-256 of the hex salt, a line feed and the text. */
function digestOfText(text: string, salt: string): string {
  return sha256(`${salt}\n${text}`)
}

/** True when a text and its salt are those of a digest in the log. */
export function isTextOf({ text, salt, digest }: SaltedText): boolean {
  return /^[0-9a-f]{64}$/.test(salt) && digestOfText(text, salt) === digest
}

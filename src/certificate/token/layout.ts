/**
 * The compact token: what a certificate comes to, in 97 bytes that fit a printed code and can be checked offline.
 *
 * | bytes | what |
 * |---|---|
 * | 1 | version, 1 |
 * | 5 | certificate number, 12 digits as one big-endian integer |
 * | 16 | first half of the model's `dirHash` |
 * | 1 | result, see {@link TOKEN_RESULTS} |
 * | 2 | last day of validity, days since 1970-01-01 |
 * | 4 | index in the status list; 2^32 − 1 for none |
 * | 4 | first bytes of the issuer's key id |
 * | 64 | ECDSA P-256 signature, r‖s, with s in the lower half |
 *
 * What is signed is a line of our own and the 33 bytes in front of the signature. A DSSE envelope begins with `DSSEv1 `,
 * a timestamp and an X.509 certificate with a DER tag, so no signature of one kind can stand for another.
 *
 * Guarantee: one token has one text. The reader takes nothing that does not encode back to itself.
 */
import { Fault, formatTime } from '../../base/index.ts'
import { isLowS } from '../ecdsa.ts'
import { concatBytes, decodeBase64, encodeBase64, fromHex, toHex, toUtf8 } from '../encoding.ts'
import { parseNumber } from '../number.ts'

/** Decisions in the order of their codes 1, 2, 3, 4. */
export const TOKEN_RESULTS = ['cleared', 'cleared-with-advisories', 'held', 'refused'] as const

/** What a token says. */
export interface TokenContent {
  /** Certificate number, 12 digits. */
  readonly number: string
  /** First 32 hex digits of the model's `dirHash`. */
  readonly model: string
  readonly result: (typeof TOKEN_RESULTS)[number]
  /** The last day on which it holds, UTC: `2027-11-23`; 1970 … 2149. */
  readonly expiresOn: string
  /** Index in the status list, 0 … 2^32 − 2; absent when the certificate stands in none. */
  readonly statusIndex?: number
  /** First 8 hex digits of the issuer's key id. */
  readonly keyPrefix: string
}

/** A token as it was read. Nothing has been verified. */
export interface Token extends TokenContent {
  /** What is signed. */
  readonly signed: Uint8Array
  /** r‖s. */
  readonly signature: Uint8Array
}

const VERSION = 1
const CONTENT_BYTES = 33
const TOKEN_BYTES = CONTENT_BYTES + 64
const NO_INDEX = 0xffffffff
const DAY = 86_400_000
const LAST_DAY = 0xffff
/** What sets these signatures apart from all others of the same key. */
const DOMAIN = toUtf8('Tidewaiter compact token, version 1\n')

function refuse(what: string): never {
  throw new Fault('token-form', what)
}

function toDays(day: string): number {
  const days = Date.parse(`${day}T00:00:00Z`) / DAY
  if (!Number.isInteger(days) || days < 0 || days > LAST_DAY || toDay(days) !== day)
    return refuse(`"${day.slice(0, 40)}" is not a day from 1970 to 2149`)
  return days
}

function toDay(days: number): string {
  return formatTime(days * DAY).slice(0, 10)
}

function readHex(hex: string, bytes: number): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/.test(hex) || hex.length !== 2 * bytes)
    return refuse(`"${hex.slice(0, 80)}" is not ${bytes} bytes in lower-case hex`)
  return fromHex(hex)
}

/** The bytes in front of the signature. @throws Fault `token-form`, `certificate-number` */
export function encodeContent(content: TokenContent): Uint8Array {
  const { number, model, result, expiresOn, statusIndex = NO_INDEX, keyPrefix } = content
  parseNumber(number)
  if (!Number.isInteger(statusIndex) || statusIndex < 0 || (content.statusIndex ?? 0) >= NO_INDEX)
    refuse(`${statusIndex} is not an index of a status list`)
  const bytes = new Uint8Array(CONTENT_BYTES)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, VERSION)
  view.setUint8(1, Math.floor(Number(number) / 2 ** 32))
  view.setUint32(2, Number(number) % 2 ** 32)
  bytes.set(readHex(model, 16), 6)
  view.setUint8(22, TOKEN_RESULTS.indexOf(result) + 1)
  view.setUint16(23, toDays(expiresOn))
  view.setUint32(25, statusIndex)
  bytes.set(readHex(keyPrefix, 4), 29)
  return bytes
}

/** What the issuer signs for it. */
export function signedBytes(content: Uint8Array): Uint8Array {
  return concatBytes(DOMAIN, content)
}

/** The text of a token, 130 characters of base64url. */
export function encodeToken(content: Uint8Array, signature: Uint8Array): string {
  const text = encodeBase64(concatBytes(content, signature))
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function decodeText(text: string): Uint8Array {
  if (!/^[A-Za-z0-9_-]{130}$/.test(text))
    return refuse(`${text.length} characters; a token has 130 letters, digits, - and _`)
  return decodeBase64(`${text.replaceAll('-', '+').replaceAll('_', '/')}==`, 'token')
}

function readContent(bytes: Uint8Array): TokenContent {
  const view = new DataView(bytes.buffer, bytes.byteOffset, TOKEN_BYTES)
  if (view.getUint8(0) !== VERSION) refuse(`version ${view.getUint8(0)}; only version ${VERSION} is read`)
  const number = String(view.getUint8(1) * 2 ** 32 + view.getUint32(2)).padStart(12, '0')
  parseNumber(number)
  const result = TOKEN_RESULTS[view.getUint8(22) - 1]
  const statusIndex = view.getUint32(25)
  return {
    number,
    model: toHex(bytes.subarray(6, 22)),
    result: result ?? refuse(`result ${view.getUint8(22)} is not known`),
    expiresOn: toDay(view.getUint16(23)),
    ...(statusIndex === NO_INDEX ? {} : { statusIndex }),
    keyPrefix: toHex(bytes.subarray(29, 33)),
  }
}

/** Reads the text of a token. @throws Fault `token-form`, `base64`, `certificate-number` */
export function readToken(text: string): Token {
  const bytes = decodeText(text)
  const signature = bytes.subarray(CONTENT_BYTES)
  if (!isLowS(signature)) refuse('the signature is not r‖s with 0 < r < n and 0 < s ≤ n/2')
  return { ...readContent(bytes), signed: signedBytes(bytes.subarray(0, CONTENT_BYTES)), signature }
}

/**
 * The certificate number: 12 digits that a person can read out over a telephone.
 *
 * Two digits of the year, a serial of nine digits that the register hands out, and a Damm check digit, which catches
 * every wrong digit and every swap of two neighbours. The number is a name, not a secret and not a proof: what it
 * stands for is proven by the certificate.
 *
 * Source: H. M. Damm, "Total anti-symmetrische Quasigruppen", Marburg 2004, quasigroup of order 10.
 */
import { Fault } from '../base/index.ts'

/** What a number says. */
export interface CertificateNumber {
  /** Full year, 2000 … 2099. */
  readonly year: number
  /** 1 … 999,999,999, given by the register in the order of issue within a year. */
  readonly serial: number
}

const QUASIGROUP = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
] as const

/** Damm check digit of a text of decimal digits; '0' for one that already ends in its check digit. @example dammDigit('572') // '4' */
export function dammDigit(digits: string): string {
  return Array.from(digits).reduce((interim, digit) => QUASIGROUP[Number(interim)]?.[Number(digit)] ?? '', '0')
}

/**
 * Writes a number.
 *
 * @throws Fault `certificate-number` for a year outside 2000 … 2099 or a serial outside 1 … 999,999,999
 * @example
 * formatNumber({ year: 2026, serial: 1 }) // '260000000012'
 */
export function formatNumber({ year, serial }: CertificateNumber): string {
  if (!Number.isInteger(year) || year < 2000 || year > 2099)
    throw new Fault('certificate-number', `the year ${year} is outside 2000 … 2099`)
  if (!Number.isInteger(serial) || serial < 1 || serial > 999_999_999)
    throw new Fault('certificate-number', `the serial ${serial} is outside 1 … 999999999`)
  const body = `${String(year - 2000).padStart(2, '0')}${String(serial).padStart(9, '0')}`
  return body + dammDigit(body)
}

/**
 * Reads a number of 12 digits.
 *
 * @throws Fault `certificate-number` when it has another form or its check digit does not fit
 * @example
 * parseNumber('260000000012').serial // 1
 */
export function parseNumber(text: string): CertificateNumber {
  if (!/^[0-9]{12}$/.test(text)) throw new Fault('certificate-number', `"${text.slice(0, 40)}" is not 12 digits`)
  const serial = Number(text.slice(2, 11))
  if (dammDigit(text) !== '0' || serial === 0)
    throw new Fault('certificate-number', `${text} is mistyped: its check digit does not fit`)
  return { year: 2000 + Number(text.slice(0, 2)), serial }
}

/**
 * Strings of a GGUF file: length-prefixed bytes that should be UTF-8.
 *
 * Guarantee: a declared length is believed only when that many bytes follow; what is longer than the caller wants
 * is read in pages, digested and cut, never held.
 */
import { createHash } from 'node:crypto'
import type { GgufContext } from './context.ts'
import { readSize, stop } from './context.ts'

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const lenient = new TextDecoder('utf-8', { ignoreBOM: true })
/** Control characters, marks of direction, and characters that are not seen, as ranges of code points. */
const ODD_RANGES = '0-1f 7f-9f ad 61c 180e 200b-200f 2028-202e 2060-206f fe00-fe0f feff fff9-fffb e0000-e0fff'
const ODD_CLASS = ODD_RANGES.replaceAll(/[0-9a-f]+/g, '\\u{$&}').replaceAll(' ', '')
const ODD = new RegExp(`[${ODD_CLASS}]`, 'u')
const EACH_ODD = new RegExp(`[${ODD_CLASS}]`, 'gu')

/** A string as far as it was kept. */
export interface CutText {
  readonly text: string
  /** Bytes in the file. */
  readonly length: number
  /** SHA-256 of all bytes, when the text was cut. */
  readonly digest?: string
}

/** Reads the length of a string that must lie within the file. @throws Fault `ggf-length` */
export function readLength(context: GgufContext): number {
  const length = readSize(context.cursor, 'a string length')
  const { remaining } = context.cursor
  if (length > remaining) throw stop('ggf-length', `${context.locus}: a string of ${length} bytes, ${remaining} left`)
  return length
}

/** Reads a string and keeps at most `keep` bytes of it. @throws Fault `ggf-length`, `ggf-overflow`, `ggf-truncated` */
export function readText(context: GgufContext, keep: number): CutText {
  const length = readLength(context)
  if (length <= keep) return { text: decode(context, context.cursor.view(length)), length }
  const hash = createHash('sha256')
  const kept = new Uint8Array(keep)
  let seen = 0
  for (const chunk of context.cursor.chunks(length)) {
    hash.update(chunk)
    if (seen < keep) kept.set(chunk.subarray(0, keep - seen), seen)
    seen += chunk.length
  }
  return { text: lenient.decode(kept), length, digest: hash.digest('hex') }
}

function decode(context: GgufContext, bytes: Uint8Array): string {
  try {
    return strict.decode(bytes)
  } catch {
    context.anomalies.add('ggf-text', `${context.locus} holds bytes that are not UTF-8`, { locus: context.locus })
    return lenient.decode(bytes)
  }
}

/** True when a name holds control, bidirectional or invisible characters. @example hasOddCharacters('a\u202eb') // true */
export function hasOddCharacters(name: string): boolean {
  return ODD.test(name)
}

/** Text as it may stand in a message: quoted, escaped, cut to `most` characters. @example quoteName('a"b') // '"a\\"b"' */
export function quoteName(name: string, most = 80): string {
  const cut = name.length > most ? `${name.slice(0, most - 1)}…` : name
  const escape = (odd: string) => `\\u{${odd.codePointAt(0)?.toString(16)}}`
  return JSON.stringify(cut.toWellFormed()).replaceAll(EACH_ODD, escape)
}

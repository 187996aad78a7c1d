/**
 * What the header of a program tells, whatever the system is that it is for.
 */
import { Fault } from '../../base/index.ts'
import type { ByteSource } from '../byte-source.ts'
import { PageReader } from '../page-reader.ts'

/** See the module. */
export interface Image {
  /** Processor, as a word where it is a usual one. */
  readonly machine: string
  /** `executable`, `library`, `object` … */
  readonly kind: string
  /** Where the last byte that the header accounts for ends. */
  readonly end: number
  /** Names of sections or segments, as far as they are short texts. */
  readonly parts: readonly string[]
}

/** Most sections or commands that are walked. */
const MOST_PARTS = 4096

/** Ends the reading of a header. */
export function refuse(what: string): never {
  throw new Fault('exe-broken', what)
}

/** A cursor in the byte order of the program. */
export function cursorAt(source: ByteSource, at: number, littleEndian = true): PageReader {
  if (!Number.isSafeInteger(at) || at < 0 || at > source.size) refuse(`a table at ${at} of a file of ${source.size}`)
  return new PageReader(source, { at, littleEndian })
}

/** A number of table entries that may be walked. */
export function checkCount(count: number, what: string): number {
  return count <= MOST_PARTS ? count : refuse(`${count} ${what}`)
}

/** A short name that is filled with zeros. */
export function nameOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('latin1').replace(/\0.*$/s, '')
  return text.replaceAll(/[^\x21-\x7e]/g, '?')
}

/** A word for a number, or the number. */
export function wordOf(words: Readonly<Record<number, string>>, value: number): string {
  return Object.hasOwn(words, value) ? (words[value] as string) : `0x${value.toString(16)}`
}

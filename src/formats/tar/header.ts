/**
 * One header of a tar: 512 bytes of names and numbers.
 *
 * Source: POSIX.1-2017 pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format".
 */
import { isUtf8 } from 'node:buffer'

/** Bytes of a header, and the unit of everything in a tar. */
export const BLOCK = 512
const CHECKSUM_FROM = 148
const CHECKSUM_TO = 156

/** What a header says. */
export interface TarHeader {
  readonly name: string
  readonly size: number | undefined
  readonly type: string
  readonly link: string
}

/** Bytes as text: UTF-8 where they are that, else a character for each. */
export function decodeText(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes)
  return buffer.toString(isUtf8(buffer) ? 'utf8' : 'latin1')
}

function text(block: Buffer, from: number, to: number): string {
  const end = block.indexOf(0, from)
  return decodeText(block.subarray(from, end < 0 || end > to ? to : end))
}

/** A number in octal digits, or in binary behind a mark; undefined when it is neither or negative. */
export function parseNumber(field: Buffer): number | undefined {
  const [first = 0] = field
  if (first === 0x80 || first === 0xff) {
    const value = BigInt(`0x${Buffer.concat([Buffer.of(first & 0x7f), field.subarray(1)]).toString('hex')}`)
    return first === 0x80 && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined
  }
  const digits = field
    .toString('latin1')
    .replace(/^ +/, '')
    .replace(/[ \0].*$/s, '')
  return /^[0-7]*$/.test(digits) ? Number.parseInt(digits || '0', 8) : undefined
}

/** Whether the check sum is right: the sum of the bytes, which some writers take for signed ones. */
export function hasChecksum(block: Buffer): boolean {
  const stated = parseNumber(block.subarray(CHECKSUM_FROM, CHECKSUM_TO))
  let unsigned = 0
  let signed = 0
  for (const [i, byte] of block.entries()) {
    const counted = i >= CHECKSUM_FROM && i < CHECKSUM_TO ? 0x20 : byte
    unsigned += counted
    signed += counted > 127 ? counted - 256 : counted
  }
  return stated !== undefined && (stated === unsigned || stated === signed)
}

/** Parses a header. */
export function parseHeader(block: Buffer): TarHeader {
  const isUstar = block.subarray(257, 263).toString('latin1') === 'ustar\0'
  const prefix = isUstar ? text(block, 345, 500) : ''
  const name = text(block, 0, 100)
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    size: parseNumber(block.subarray(124, 136)),
    type: String.fromCharCode(block[156] as number),
    link: text(block, 157, 257),
  }
}

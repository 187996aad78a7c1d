/**
 * What sniffers ask of a glimpse.
 */
import { isUtf8 } from 'node:buffer'
import type { Glimpse } from './reader.ts'

const SPACES = [0x20, 0x09, 0x0a, 0x0d]

/** The last part of a path, in lower case. @example baseName('A/Config.JSON') // 'config.json' */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).toLowerCase()
}

/** True when the first byte that is no white space (nor part of a byte-order mark) is one of these characters. */
export function firstByteIsOneOf({ head }: Glimpse, characters: string): boolean {
  const start = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0
  const first = head.subarray(start).find((byte) => !SPACES.includes(byte))
  return first !== undefined && characters.includes(String.fromCharCode(first))
}

/** True when the head is UTF-8 without a zero byte; a character that the head cuts is let pass. */
export function looksLikeText({ head, size }: Glimpse): boolean {
  if (head.includes(0)) return false
  if (isUtf8(head)) return true
  return size > head.length && [1, 2, 3].some((cut) => isUtf8(head.subarray(0, head.length - cut)))
}

/**
 * Literals of Python: the text of strings, the value of numbers.
 *
 * Bytes are kept as text of Latin-1, one character for each byte.
 * Source: The Python Language Reference, 2.4 Literals.
 */

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\n', ''],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['a', '\u0007'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
])
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|N\{[^}]{1,80}\}|([0-7]{1,3})|([^]))/g

function characterOf(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : ''
}

/** The text that stands between quotes, with its escapes resolved. @example unescape('a\\x62') // 'ab' */
export function unescape(content: string): string {
  return content.replaceAll(ESCAPE, (whole, ...groups: readonly (string | undefined)[]) => {
    const [byte, short, long, octal, sign] = groups
    const hex = byte ?? short ?? long
    if (hex !== undefined) return characterOf(Number.parseInt(hex, 16))
    if (octal !== undefined) return characterOf(Number.parseInt(octal, 8))
    return sign === undefined ? whole : (ESCAPES.get(sign) ?? whole)
  })
}

/** The prefix of a string literal in lower case: `rb`. @example prefixOf("Rb'x'") // 'rb' */
export function prefixOf(literal: string): string {
  return (/^[a-zA-Z]{0,3}/.exec(literal)?.[0] ?? '').toLowerCase()
}

/** The value of an integer or floating literal, or undefined. @example numberOf('0x1F') // 31 */
export function numberOf(literal: string): number | undefined {
  const plain = literal.replaceAll('_', '').replace(/[lL]$/, '')
  const value = Number(/^0\d+$/.test(plain) ? `0o${plain.slice(1)}` : plain)
  return Number.isFinite(value) ? value : undefined
}

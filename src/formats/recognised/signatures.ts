/**
 * Predicates over the head and the tail of a file, and how to put them together.
 */
import type { Predicate } from './recognised-format.ts'

function matches(bytes: Uint8Array, signature: Uint8Array, offset: number): boolean {
  if (offset < 0 || offset + signature.length > bytes.length) return false
  return signature.every((byte, i) => bytes[offset + i] === byte)
}

/** The head holds these characters (Latin-1) at this offset. @example headIs('GIF8')({ path: '', size: 4, head: Buffer.from('GIF8'), tail: Buffer.from('') }) // true */
export function headIs(text: string, offset = 0): Predicate {
  const signature = Buffer.from(text, 'latin1')
  return ({ head }) => matches(head, signature, offset)
}

/** The head holds these bytes, given as hexadecimal digits, at this offset. */
export function headIsHex(hex: string, offset = 0): Predicate {
  return headIs(Buffer.from(hex, 'hex').toString('latin1'), offset)
}

/** The head as Latin-1 text matches. The expression must be anchored and must not backtrack. */
export function headMatches(expression: RegExp): Predicate {
  return ({ head }) => expression.test(Buffer.from(head.buffer, head.byteOffset, head.length).toString('latin1'))
}

/** The name of the file ends with one of these. */
export function isNamed(...endings: readonly string[]): Predicate {
  return ({ path }) => endings.some((ending) => path.toLowerCase().endsWith(ending))
}

/** All of them hold. */
export function all(...predicates: readonly Predicate[]): Predicate {
  return (glimpse) => predicates.every((holds) => holds(glimpse))
}

/** One of them holds. */
export function any(...predicates: readonly Predicate[]): Predicate {
  return (glimpse) => predicates.some((holds) => holds(glimpse))
}

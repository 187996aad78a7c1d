/**
 * The texts of a message in protobuf's text form: each field whose value is a text, with what the text stands for.
 *
 * Guarantee: a text that is written in pieces or with escapes is given as a parser would have it, so that
 * `op: "Wr" 'ite\106ile'` is found; comments hide nothing. Linear in the text.
 * Source: protobuf text format language specification.
 */

/** One field with a text. */
export interface TextField {
  readonly name: string
  /** One character a byte, as the format has it. */
  readonly value: string
  /** Offset in the text. */
  readonly at: number
}

const TOKEN = /#[^\n]*|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'|[A-Za-z_][\w.]*|[^\s]/g
const ESCAPE = /\\(?:x[\da-fA-F]{1,2}|[0-7]{1,3}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[^])/g
const CONTROLS: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['a', '\u0007'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
])

function toBytes(codePoint: number): string {
  return Buffer.from(codePoint > 0x10ffff ? '\ufffd' : String.fromCodePoint(codePoint)).toString('latin1')
}

function decodeEscape(escape: string): string {
  const [kind = '', digits] = [escape[1], escape.slice(2)]
  if (kind === 'x' && digits !== '') return String.fromCharCode(Number.parseInt(digits, 16))
  if ((kind === 'u' || kind === 'U') && digits !== '') return toBytes(Number.parseInt(digits, 16))
  if (kind >= '0' && kind <= '7') return String.fromCharCode(Number.parseInt(escape.slice(1), 8) & 0xff)
  return CONTROLS.get(kind) ?? kind
}

/** What a quoted text stands for. @example unquote('"a\\x41\\102"') // 'aAB' */
export function unquote(quoted: string): string {
  return Buffer.from(quoted.slice(1, -1)).toString('latin1').replaceAll(ESCAPE, decodeEscape)
}

/** All fields with a text, in the order of the text. */
export function* textFields(text: string): Generator<TextField> {
  let name = ''
  let value: string | undefined
  let at = 0
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token.startsWith('#')) continue
    if (/^["']./.test(token)) {
      if (value === undefined) at = index
      value = (value ?? '') + unquote(token)
      continue
    }
    if (value !== undefined) yield { name, value, at }
    value = undefined
    if (/^[A-Za-z_]/.test(token)) name = token
  }
  if (value !== undefined) yield { name, value, at }
}

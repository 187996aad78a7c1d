/**
 * The tokens of TorchScript source: names, numbers, texts and signs.
 *
 * TorchScript is written by a printer in a small part of Python and read by a parser of its own. What matters for the
 * audit are names and the signs around them; indentation does not.
 *
 * Guarantee: linear; every character is in a token, between two or the reason for a `Fault`.
 * Source: `torch/csrc/jit/frontend/lexer.h`.
 */
import { Fault } from '../../base/index.ts'

/** One token. */
export interface Token {
  readonly kind: 'name' | 'number' | 'text' | 'sign'
  readonly text: string
  /** Offset in the source, in characters. */
  readonly at: number
}

const PATTERN =
  /([ \t\r\n\f]+|\\\r?\n|#[^\n]*)|([A-Za-z_][A-Za-z0-9_]*)|([0-9][0-9A-Za-z_.]*(?:(?<=[eE])[+-][0-9]+)?)|('(?:[^'\\\n]|\\[^])*'|"(?:[^"\\\n]|\\[^])*")|([!#-&(-/:-@[-`{-~])/y
const KINDS = ['name', 'number', 'text', 'sign'] as const

/** The tokens of a source. @throws Fault `tsc-source` at a character that TorchScript does not know @example tokenise('a.b')[1].text // '.' */
export function tokenise(source: string): readonly Token[] {
  const tokens: Token[] = []
  PATTERN.lastIndex = 0
  while (PATTERN.lastIndex < source.length) {
    const at = PATTERN.lastIndex
    const found = PATTERN.exec(source)
    if (found === null) throw new Fault('tsc-source', `character ${at} is none of TorchScript`)
    const index = KINDS.findIndex((_, number) => found[number + 2] !== undefined)
    const kind = KINDS[index]
    if (kind !== undefined) tokens.push({ kind, text: found[0], at })
  }
  return tokens
}

/** Words of a model as they may stand in a sentence of ours. */
import { showUnseen } from '../base/index.ts'

const LONGEST = 160

/** Quoted, with what cannot be seen shown and cut to 160 characters. @example quote('a"b') // '"a\\"b"' */
export function quote(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
  return showUnseen(JSON.stringify(cut.toWellFormed()))
}

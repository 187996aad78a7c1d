/**
 * The function of a Lambda layer, as far as it can be shown without understanding its bytecode: how long, what it
 * reaches, and what it names. Marshalled code of a known version is taken apart; of anything else, what looks like a
 * name is shown.
 */
import { quoteName } from '../names.ts'
import { describeMarshal } from '../pyc/index.ts'
import type { Taken } from './taken.ts'

const MOST_NAMES = 8
const LONGEST = 1024 * 1024
/** A short text of marshal: its type, its length, its characters. */
const NAME = /[\xda\xfa\xe9Zz]([\x02-\x40])([A-Za-z_][A-Za-z0-9_.]{1,63})/g

/** The base64 of the code: of a serialised function, or first in the list of an older Lambda layer. */
function codeOf(config: Taken | undefined): string | undefined {
  const found = config?.members?.get('code') ?? config?.members?.get('function')
  return found?.text ?? codeOfInner(found)
}

function codeOfInner(found: Taken | undefined): string | undefined {
  return found?.members?.get('config')?.members?.get('code')?.text
}

function guessNames(bytes: Buffer): readonly string[] {
  const found = [...bytes.toString('latin1').matchAll(NAME)].map(([, length = '', name = '']) =>
    name.slice(0, length.charCodeAt(0)),
  )
  return [...new Set(found)].slice(0, MOST_NAMES)
}

function say(how: string, names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : [`${how} ${names.join(', ')}`]
}

/** What is known of the function, to be put behind a sentence; nothing where no code is stored. */
export function describeBytecode(config: Taken | undefined): string {
  const code = codeOf(config)
  if (code === undefined || code.length > LONGEST) return ''
  const bytes = Buffer.from(code, 'base64')
  const held = describeMarshal(bytes)
  const reached = [...new Set(held?.facts.map(({ target }) => target))].slice(0, MOST_NAMES)
  const names = held === undefined ? guessNames(bytes) : [...new Set(held.codes.flatMap((each) => each.names))]
  const shown = names.slice(0, MOST_NAMES).map((name) => quoteName(name))
  return ` (${[`${bytes.length} bytes`, ...say('that reach', reached), ...say('with the names', shown)].join(', ')})`
}

/** What revoking and replying share: words with their salt, and what is printed of a statement that was said. */
import { Fault, systemRandomness } from '../../../../base/index.ts'
import { saltText, type StatementKind } from '../../../../certificate/index.ts'
import type { Register } from '../../../../register/index.ts'
import type { PublicRecord, Said, ToSay } from '../../../log/public-record.ts'
import { readBounded } from '../../../read-bounded.ts'
import { wantsJson } from '../../call-context.ts'
import { usageFault, type CommandCall } from '../../command.ts'

const MOST_TEXT = 64 * 1024

/** The words of a file under a fresh salt. */
export type Salted = ReturnType<typeof saltText>

/** Reads the words that a call names. @throws Fault `no-such-file`, `bad-text` */
export function readWords(call: CommandCall): Salted | undefined {
  const path = call.value('text')
  if (path === undefined) return undefined
  const bytes = readBounded(path, MOST_TEXT)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Fault('bad-text', `${path} is not UTF-8`)
  }
  if (text.trim() === '') throw new Fault('bad-text', `${path} says nothing`)
  return saltText(text, systemRandomness)
}

/** A value out of a closed list. @throws Fault `usage` */
export function readWord<Word extends string>(call: CommandCall, option: string, words: readonly Word[]): Word {
  const given = call.value(option)
  const word = words.find((each) => each === given)
  if (word === undefined)
    throw usageFault(`--${option} is ${given === undefined ? 'missing' : `"${given}"`}; it takes ${words.join(', ')}`)
  return word
}

/** Says something on the record; its words are kept before, since nothing that is logged can be said again. */
export async function sayWith<Kind extends StatementKind>(
  { record, register }: { readonly record: PublicRecord; readonly register: Register },
  what: ToSay<Kind>,
  words: Salted | undefined,
): Promise<Said> {
  if (words === undefined) return record.say(what)
  await register.statements.keepText(words)
  try {
    return await record.say(what)
  } catch (thrown) {
    await register.statements.eraseText(words.digest, what.issuedAt)
    throw thrown
  }
}

/** Prints what was said. @param line for people */
export function printSaid(call: CommandCall, said: Said, line: string): void {
  const { kind, leafHash, modelId, seq, origin, leafIndex, issuedAt } = said
  const value = {
    schema: 'tidewaiter/docket-said/v1',
    kind,
    entry: leafHash,
    modelId,
    seq,
    origin,
    leafIndex,
    issuedAt,
  }
  const place = `  statement ${leafHash}\n  number ${seq} of the docket, entry ${leafIndex} of ${origin}`
  call.terminal.print(wantsJson(call) ? JSON.stringify(value, null, 2) : `${line}\n${place}`)
}

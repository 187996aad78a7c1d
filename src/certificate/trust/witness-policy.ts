/**
 * The policy file: which witnesses a verifier knows, and how many of them must have signed a checkpoint.
 *
 * One instruction a line, `#` begins a comment: `witness NAME VKEY [URL]`, `group NAME any|all|N MEMBER…`,
 * `quorum NAME|none`, and `log VKEY [URL]`, which is passed over here, since logs are trusted by `trusted_root.json`.
 * A name is defined before it is used and once; a member stands in one group at most, so that nobody counts twice.
 *
 * Source: C2SP tlog-policy (draft).
 */
import { Fault, isFault } from '../../base/index.ts'
import type { Cryptography } from '../cryptography.ts'
import { NOTE_TYPES, readNoteKey, type NoteKey } from '../notes/note-key.ts'

/** Witnesses and groups of which so many must have signed. */
export interface WitnessGroup {
  readonly least: number
  readonly members: readonly (NoteKey | WitnessGroup)[]
}

/** See the module. */
export interface WitnessPolicy {
  readonly quorum: WitnessGroup
}

type Member = NoteKey | WitnessGroup

const MAX_CHARACTERS = 256 * 1024
const COSIGNERS: readonly number[] = [NOTE_TYPES.cosignature, NOTE_TYPES.mlDsa44]

function refuse(line: number, what: string): never {
  throw new Fault('witness-policy', `line ${line} of the witness policy: ${what}`)
}

function leastOf(word: string, members: number, line: number): number {
  const least = word === 'any' ? 1 : word === 'all' ? members : /^[1-9][0-9]{0,2}$/.test(word) ? Number(word) : 0
  if (least < 1 || least > members) refuse(line, `"${word.slice(0, 20)}" of ${members} members can not be`)
  return least
}

class PolicyReader {
  readonly #known = new Map<string, Member>()
  readonly #used = new Set<string>()
  quorum: WitnessGroup | undefined

  #define(name: string, member: Member, line: number): void {
    if (name === 'none' || this.#known.has(name)) refuse(line, `the name ${name.slice(0, 60)} is taken`)
    this.#known.set(name, member)
  }

  #use(name: string, line: number): Member {
    if (this.#used.has(name)) refuse(line, `${name.slice(0, 60)} is a member already`)
    this.#used.add(name)
    return this.#known.get(name) ?? refuse(line, `${name.slice(0, 60)} is not defined above`)
  }

  async witness(
    [name = '', vkey = '', ...rest]: readonly string[],
    line: number,
    cryptography: Cryptography,
  ): Promise<void> {
    if (vkey === '' || rest.length > 1) refuse(line, 'a witness is written as: witness NAME VKEY [URL]')
    const key = await readNoteKey(vkey, cryptography)
    if (!COSIGNERS.includes(key.type)) refuse(line, `the key of ${name.slice(0, 60)} is not one of a witness`)
    this.#define(name, key, line)
  }

  group([name = '', word = '', ...names]: readonly string[], line: number): void {
    if (names.length === 0) refuse(line, 'a group is written as: group NAME any|all|N MEMBER…')
    const least = leastOf(word, names.length, line)
    this.#define(name, { least, members: names.map((member) => this.#use(member, line)) }, line)
  }

  setQuorum([name = '', ...rest]: readonly string[], line: number): void {
    if (name === '' || rest.length > 0 || this.quorum !== undefined)
      refuse(line, 'one quorum is written as: quorum NAME|none')
    this.quorum = name === 'none' ? { least: 0, members: [] } : { least: 1, members: [this.#use(name, line)] }
  }
}

async function readLine(
  reader: PolicyReader,
  text: string,
  at: { readonly line: number; readonly cryptography: Cryptography },
): Promise<void> {
  const { line, cryptography } = at
  const [word = '', ...words] = text
    .replace(/#.*$/, '')
    .trim()
    .split(/[ \t]+/)
  if (word === 'witness') await reader.witness(words, line, cryptography)
  else if (word === 'group') reader.group(words, line)
  else if (word === 'quorum') reader.setQuorum(words, line)
  else if (word !== '' && word !== 'log') refuse(line, `"${word.slice(0, 20)}" is not an instruction`)
}

/** Reads a policy. @throws Fault `witness-policy`, which names the line; `cannot-check` */
export async function readWitnessPolicy(text: string, cryptography: Cryptography): Promise<WitnessPolicy> {
  if (text.length > MAX_CHARACTERS) throw new Fault('witness-policy', `a witness policy of ${text.length} characters`)
  const reader = new PolicyReader()
  for (const [index, whole] of text.split('\n').entries()) {
    try {
      await readLine(reader, whole, { line: index + 1, cryptography })
    } catch (thrown) {
      if (!isFault(thrown) || thrown.code === 'witness-policy' || thrown.code === 'cannot-check') throw thrown
      refuse(index + 1, thrown.message)
    }
  }
  const { quorum } = reader
  if (quorum === undefined) throw new Fault('witness-policy', 'the witness policy has no line "quorum"')
  return { quorum }
}

/**
 * Policies: which logs are trusted, and who must have watched them.
 *
 * A file of lines: `log`, `witness`, `group`, `quorum`. Each witness counts in one way only: a key stands in one line, and
 * a name is a member of one group at most. Beyond the specification the bytes must be UTF-8, a key cannot be that of a log
 * and of a witness, so that no log watches itself, and several keys of one witness, told by the name in the key, must be
 * in a group of which any one is enough, so that they count once.
 *
 * Source: C2SP tlog-policy, draft of 2026-11.
 */
import { Fault } from '../../base/index.ts'
import type { Cryptography } from '../cryptography.ts'
import { toHex } from '../encoding.ts'
import { NOTE_TYPES, readNoteKey, type NoteKey, type NoteType } from './note-key.ts'

/** A log that is trusted; the name of its key is its origin. */
export interface PolicyLog {
  readonly key: NoteKey
  readonly url: string | undefined
}

/** A witness by the name that it has in the policy. */
export interface PolicyWitness extends PolicyLog {
  readonly name: string
}

/** At least `threshold` of the members: witnesses by name, and groups. 0 of none: nobody has to. */
export interface Quorum {
  readonly threshold: number
  readonly members: readonly (string | Quorum)[]
}

/** See the module. */
export interface Policy {
  readonly logs: readonly PolicyLog[]
  readonly witnesses: readonly PolicyWitness[]
  readonly quorum: Quorum
}

const MAX_BYTES = 1_048_576
const MAX_LINES = 4096
const NONE: Quorum = { threshold: 0, members: [] }
const LOG_TYPES: readonly NoteType[] = [NOTE_TYPES.ed25519, NOTE_TYPES.ecdsa, NOTE_TYPES.mlDsa44]
const WITNESS_TYPES: readonly NoteType[] = [NOTE_TYPES.cosignature, NOTE_TYPES.mlDsa44]

function refuse(message: string): never {
  throw new Fault('policy', message)
}

/** What has been read so far. */
class Draft {
  readonly logs: PolicyLog[] = []
  readonly witnesses: PolicyWitness[] = []
  readonly #cryptography: Cryptography
  readonly #keys = new Set<string>()
  readonly #names = new Map<string, string | Quorum>()
  /** The group of which a name is a member. */
  readonly #groups = new Map<string, Quorum>()
  #quorum: Quorum | undefined

  constructor(cryptography: Cryptography) {
    this.#cryptography = cryptography
  }

  async #readKey(vkey: string, types: readonly NoteType[]): Promise<NoteKey> {
    const key = await readNoteKey(vkey, this.#cryptography)
    if (!types.includes(key.type)) refuse(`a key of type ${key.type} cannot stand in this line: ${key.name}`)
    const id = toHex(key.publicKey)
    if (this.#keys.has(id)) refuse(`the key of ${key.name} stands in the policy twice`)
    this.#keys.add(id)
    return key
  }

  #define(name: string, meaning: string | Quorum): void {
    if (name === 'none' || this.#names.has(name)) refuse(`the name ${name} is taken`)
    this.#names.set(name, meaning)
  }

  #lookUp(name: string): string | Quorum {
    return this.#names.get(name) ?? refuse(`nothing is called ${name} in the lines before`)
  }

  async log([vkey = '', url, ...rest]: readonly string[]): Promise<void> {
    if (rest.length > 0) refuse('a line of a log is "log <vkey> [<url>]"')
    this.logs.push({ key: await this.#readKey(vkey, LOG_TYPES), url })
  }

  async witness([name = '', vkey = '', url, ...rest]: readonly string[]): Promise<void> {
    if (rest.length > 0) refuse('a line of a witness is "witness <name> <vkey> [<url>]"')
    this.witnesses.push({ name, key: await this.#readKey(vkey, WITNESS_TYPES), url })
    this.#define(name, name)
  }

  group([name = '', count = '', ...names]: readonly string[]): void {
    const members = names.map((member) => this.#lookUp(member))
    const words: ReadonlyMap<string, number> = new Map([
      ['all', names.length],
      ['any', 1],
    ])
    const threshold = words.get(count) ?? (/^[1-9][0-9]{0,3}$/.test(count) ? Number(count) : 0)
    if (threshold < 1 || threshold > names.length) refuse(`${count} of ${names.length} members is no group`)
    const group = { threshold, members }
    for (const member of names) {
      if (this.#groups.has(member)) refuse(`${member} is a member twice`)
      this.#groups.set(member, group)
    }
    this.#define(name, group)
  }

  quorum([name = '', ...rest]: readonly string[]): void {
    if (this.#quorum !== undefined || rest.length > 0) refuse('there is one line "quorum <name>"')
    const meaning = name === 'none' ? NONE : this.#lookUp(name)
    this.#quorum = typeof meaning === 'string' ? { threshold: 1, members: [meaning] } : meaning
  }

  /** Several keys of one witness count once: those that count at all are in one group of which any is enough. */
  #checkNames(): void {
    for (const [name, keys] of Map.groupBy(this.witnesses, ({ key }) => key.name)) {
      const groups = keys.flatMap((witness) => this.#groups.get(witness.name) ?? [])
      const [first] = groups
      if (groups.length > 1 && groups.some((group) => group !== first || group.threshold > 1))
        refuse(`${name} has ${groups.length} keys that would count more than once; put them in a group of any`)
    }
  }

  finish(): Policy {
    this.#checkNames()
    const quorum = this.#quorum ?? refuse('the policy has no line "quorum <name>"')
    return { logs: this.logs, witnesses: this.witnesses, quorum }
  }
}

function decode(bytes: Uint8Array): string {
  if (bytes.length > MAX_BYTES) refuse(`the policy has ${bytes.length} bytes; ${MAX_BYTES} are allowed`)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return refuse('the policy is not UTF-8')
  }
}

async function readLine(draft: Draft, line: string): Promise<void> {
  const [kind = '', ...words] = line.split(/[ \t]+/).filter((word) => word !== '')
  if (kind === '' || kind.startsWith('#')) return
  if (kind === 'log') await draft.log(words)
  else if (kind === 'witness') await draft.witness(words)
  else if (kind === 'group') draft.group(words)
  else if (kind === 'quorum') draft.quorum(words)
  else refuse(`a line begins with "${kind.slice(0, 40)}"`)
}

/** Reads a policy. @throws Fault `policy`; `vkey`, `base64`, `key-unreadable` for a key */
export async function readPolicy(bytes: Uint8Array, cryptography: Cryptography): Promise<Policy> {
  const text = decode(bytes)
  if (/[\0-\x08\x0b-\x1f\x7f]/.test(text) || !text.endsWith('\n'))
    refuse('the policy has a control character or does not end with a newline')
  const lines = text.slice(0, -1).split('\n')
  if (lines.length > MAX_LINES) refuse(`the policy has ${lines.length} lines; ${MAX_LINES} are allowed`)
  const draft = new Draft(cryptography)
  for (const line of lines) await readLine(draft, line)
  return draft.finish()
}

/** True when enough of those who have to have cosigned, by their names in the policy. */
export function holdsQuorum({ threshold, members }: Quorum, cosigned: ReadonlySet<string>): boolean {
  const count = members.filter((member) =>
    typeof member === 'string' ? cosigned.has(member) : holdsQuorum(member, cosigned),
  ).length
  return count >= threshold
}

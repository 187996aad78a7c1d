/**
 * The globals that a stream names, each once, with what is known of it.
 */
import { findDanger, type Danger } from '../danger.ts'
import { findListed, type PolicyEntry } from '../policy/index.ts'
import { isScripted, SCRIPTED_TYPE } from '../policy/torchscript.ts'
import { parseSchema, type Schema } from './schema.ts'

/** Globals that are told apart; beyond these nothing is proved. */
const MOST_GLOBALS = 10_000

/** How a listed global may be used, with its schemas parsed. */
export interface Rights {
  readonly entry: PolicyEntry
  readonly reduce: Schema | undefined
  readonly newobj: Schema | undefined
  readonly state: Schema | undefined
}

/** See the module. */
export interface NamedGlobal {
  readonly module: string
  readonly name: string
  /** Both, joined by a dot. */
  readonly target: string
  /** Number of the opcode that named it first; negative when the stream has not named it. */
  op: number
  readonly rights: Rights | undefined
  /** Why it is known to be dangerous. */
  readonly danger: Danger | undefined
  /** Whether something calls it, or may. */
  called: boolean
  /** Whether a call of it was within its rights. */
  proper: boolean
  /** Whether its danger or its want of a listing was noted. */
  noted: boolean
}

const PARSED = new Map<PolicyEntry['signature'], Omit<Rights, 'entry'>>()

function rightsOf(entry: PolicyEntry): Rights {
  const { signature } = entry
  const parse = (text: string | undefined): Schema | undefined => (text === undefined ? undefined : parseSchema(text))
  let parsed = PARSED.get(signature)
  if (parsed === undefined) {
    parsed = { reduce: parse(signature.reduce), newobj: parse(signature.newobj), state: parse(signature.state) }
    PARSED.set(signature, parsed)
  }
  return { entry, ...parsed }
}

/** See the module. */
export class GlobalTable {
  readonly all: NamedGlobal[] = []
  readonly #byTarget = new Map<string, number>()
  readonly #scripted: boolean

  constructor(scripted: boolean) {
    this.#scripted = scripted
  }

  /** Number of a global, or -1 when there are too many. */
  intern(module: string, name: string): number {
    const key = `${module} ${name}`
    const known = this.#byTarget.get(key)
    if (known !== undefined) return known
    if (this.all.length === MOST_GLOBALS) return -1
    const number = this.all.push(this.describe(module, name)) - 1
    this.#byTarget.set(key, number)
    return number
  }

  /** Number of the class that a policy names by its path. */
  internTarget(target: string): number {
    const dot = target.lastIndexOf('.')
    return this.intern(target.slice(0, dot), target.slice(dot + 1))
  }

  /** What is known of a global. */
  describe(module: string, name: string): NamedGlobal {
    const entry =
      this.#scripted && isScripted(module)
        ? { module, name, signature: SCRIPTED_TYPE, policy: 'core' }
        : findListed(module, name)
    return {
      module,
      name,
      target: `${module}.${name}`,
      op: -1,
      rights: entry === undefined ? undefined : rightsOf(entry),
      danger: findDanger({ module, name }),
      called: false,
      proper: false,
      noted: false,
    }
  }

  /** A global by its number. */
  at(number: number): NamedGlobal {
    return this.all[number] as NamedGlobal
  }
}

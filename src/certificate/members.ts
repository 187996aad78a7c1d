/**
 * Reads the members of an object that came from outside, by a closed list of names.
 *
 * A member that is not expected is refused: whoever wrote it may have meant something by it that we would then sign
 * off unread, and the foreign verifiers (Go's protojson, pydantic with `extra=forbid`) refuse it as well.
 */
import { Fault, isStrictObject, type StrictJson, type StrictObject } from '../base/index.ts'
import { decodeBase64 } from './encoding.ts'

/** The members an object may have. */
export interface MemberNames {
  readonly required: readonly string[]
  readonly optional?: readonly string[]
  /** Fault code for an unknown or missing member, instead of `unknown-field` and `missing-field`. */
  readonly code?: string
}

const INT64 = /^(?:0|[1-9][0-9]{0,18})$/

/** One object and where it stands in the document; each read names both when it refuses. */
export class Members {
  readonly #members: StrictObject
  readonly where: string

  /** @throws Fault `json-type` when the value is no object; `unknown-field`, `missing-field` or the given code */
  constructor(value: StrictJson | undefined, where: string, names: MemberNames) {
    if (!isStrictObject(value)) throw new Fault('json-type', `${where} is not an object`)
    this.#members = value
    this.where = where
    const { required, optional = [], code } = names
    for (const name of value.keys()) {
      if (!required.includes(name) && !optional.includes(name))
        throw new Fault(code ?? 'unknown-field', `${where} has a member ${JSON.stringify(name)} that is not known`)
    }
    for (const name of required) {
      if (!value.has(name)) throw new Fault(code ?? 'missing-field', `${where} has no member "${name}"`)
    }
  }

  #refuse(name: string, wanted: string): never {
    throw new Fault('json-type', `${this.where}.${name} is not ${wanted}`)
  }

  /** True when the member is there. */
  has(name: string): boolean {
    return this.#members.has(name)
  }

  /** The member as it came. */
  value(name: string): StrictJson | undefined {
    return this.#members.get(name)
  }

  /** A string. @throws Fault `json-type` */
  text(name: string): string {
    const value = this.#members.get(name)
    return typeof value === 'string' ? value : this.#refuse(name, 'a string')
  }

  /** A string out of a closed list. @throws Fault `json-type` */
  oneOf<Word extends string>(name: string, words: readonly Word[]): Word {
    const text = this.text(name)
    return words.find((word) => word === text) ?? this.#refuse(name, `one of ${words.join(', ')}`)
  }

  /** A safe integer of at least 0. @throws Fault `json-type` */
  count(name: string): number {
    const value = this.#members.get(name)
    return typeof value === 'number' && value >= 0 ? value : this.#refuse(name, 'an integer of at least 0')
  }

  /** A protobuf int64: decimal digits in a string. @throws Fault `int64-string` */
  int64(name: string): bigint {
    const value = this.#members.get(name)
    if (typeof value === 'string' && INT64.test(value)) return BigInt(value)
    throw new Fault('int64-string', `${this.where}.${name} is not an integer written as a string of digits`)
  }

  /** Bytes in strict base64. @throws Fault `base64`, `json-type` */
  bytes(name: string): Uint8Array {
    return decodeBase64(this.text(name), `${this.where}.${name}`)
  }

  /** A list. @throws Fault `json-type` */
  list(name: string): readonly StrictJson[] {
    const value = this.#members.get(name)
    return Array.isArray(value) ? (value as readonly StrictJson[]) : this.#refuse(name, 'a list')
  }

  /** A list of strings. @throws Fault `json-type` */
  texts(name: string): readonly string[] {
    const items = this.list(name)
    return items.every((item) => typeof item === 'string') ? items : this.#refuse(name, 'a list of strings')
  }

  /** A list of bytes, each in strict base64. @throws Fault `base64`, `json-type` */
  allBytes(name: string): readonly Uint8Array[] {
    return this.texts(name).map((text) => decodeBase64(text, `${this.where}.${name}`))
  }

  /** An object. @throws Fault like the constructor */
  members(name: string, names: MemberNames): Members {
    return new Members(this.#members.get(name), `${this.where}.${name}`, names)
  }

  /** A list of objects of one shape. @throws Fault like the constructor */
  each(name: string, names: MemberNames): readonly Members[] {
    return this.list(name).map((item, index) => new Members(item, `${this.where}.${name}[${index}]`, names))
  }
}

/**
 * The JSON answer of a key management service, read member by member.
 *
 * Services add members as they like, so unknown ones are passed over; those that we use must be there and of the right
 * kind. A fault names the member and never its value.
 */
import { Fault } from '../../../base/index.ts'

const ERROR_CODE = /^[A-Za-z0-9_.#:-]{1,100}$/

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** One object of an answer. */
export class KmsAnswer {
  readonly #service: string
  readonly #value: Readonly<Record<string, unknown>>

  private constructor(service: string, value: unknown) {
    if (!isObject(value)) throw new Fault('kms-answer', `${service} answers with something that is no JSON object`)
    this.#service = service
    this.#value = value
  }

  /** Reads a text; one that is no JSON is an empty answer, as proxies give with their error pages. */
  static parse(service: string, text: string): KmsAnswer {
    let value: unknown = {}
    try {
      value = JSON.parse(text)
    } catch {
      // Falls through: whatever is asked of it is missing.
    }
    return new KmsAnswer(service, value)
  }

  #member(name: string): unknown {
    return Object.hasOwn(this.#value, name) ? this.#value[name] : undefined
  }

  #refuse(name: string, wanted: string): never {
    throw new Fault('kms-answer', `${this.#service}: the member "${name}" of the answer is not ${wanted}`)
  }

  /** True when the member is there. */
  has(name: string): boolean {
    return this.#member(name) !== undefined
  }

  /** A string. @throws Fault `kms-answer` */
  text(name: string): string {
    const value = this.#member(name)
    return typeof value === 'string' ? value : this.#refuse(name, 'a string')
  }

  /** True when the member is `true`. */
  isTrue(name: string): boolean {
    return this.#member(name) === true
  }

  /** True when the member is `false`. */
  isFalse(name: string): boolean {
    return this.#member(name) === false
  }

  /** A list of strings. @throws Fault `kms-answer` */
  texts(name: string): readonly string[] {
    const value = this.#member(name)
    return Array.isArray(value) && value.every((item) => typeof item === 'string')
      ? value
      : this.#refuse(name, 'a list of strings')
  }

  /** An object. @throws Fault `kms-answer` */
  object(name: string): KmsAnswer {
    return new KmsAnswer(this.#service, this.#member(name))
  }

  /** An integer that is a number or, as protobuf writes 64 bits, a string of digits. @throws Fault `kms-answer` */
  integer(name: string): number {
    const value = this.#member(name)
    const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
    return Number.isSafeInteger(number) ? (number as number) : this.#refuse(name, 'an integer')
  }

  /** Bytes in base64 or base64url, with padding or without. @throws Fault `kms-answer` */
  bytes(name: string): Uint8Array {
    const text = this.text(name)
    return /^[A-Za-z0-9+/_-]+={0,2}$/.test(text)
      ? new Uint8Array(Buffer.from(text, 'base64url'))
      : this.#refuse(name, 'base64')
  }

  /** The code of an error, in whichever of the four vendors' places it stands; empty when there is none. */
  errorCode(): string {
    const error = this.#member('error')
    const inner = isObject(error) ? (error['status'] ?? error['code']) : undefined
    const nested = isObject(error) && isObject(error['innererror']) ? error['innererror']['code'] : undefined
    const code = this.#member('__type') ?? nested ?? inner
    return typeof code === 'string' && ERROR_CODE.test(code) ? code.replace(/^.*#/, '') : ''
  }
}

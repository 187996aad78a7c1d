/**
 * What an expression may come to, as far as it is followed: names of the world outside, constants, own functions.
 *
 * Everything else is unknown, which is `undefined`.
 */
import type { PyNode } from './syntax.ts'

/** A function, lambda or class of the source. */
export interface Definition {
  readonly node: PyNode
  /** `Net.forward`. */
  readonly name: string
  /** The class that it is a method of. */
  readonly owner: Definition | undefined
  /** Methods and other names of a class. */
  readonly members: Map<string, Value>
  /** What a class inherits from. */
  readonly bases: readonly Value[]
  readonly scope: Scope
}

/** See the module. */
export type Value =
  | { readonly kind: 'name'; readonly name: string }
  | {
      readonly kind: 'text'
      readonly text: string
      readonly isBytes: boolean
      /** How many decodings it went through. */
      readonly layers: number
    }
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'list'; readonly items: readonly (Value | undefined)[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Value | undefined, Value | undefined])[] }
  | { readonly kind: 'own'; readonly definition: Definition }
  | { readonly kind: 'instance'; readonly definition: Definition }
  | { readonly kind: 'bound'; readonly receiver: Value; readonly method: string }
  | { readonly kind: 'partial'; readonly callee: Value; readonly first: readonly (Value | undefined)[] }
  | { readonly kind: 'choice'; readonly options: readonly Value[] }

const MOST_OPTIONS = 6

/** The name of something outside. @example nameValue('os').name // 'os' */
export function nameValue(name: string): Value & { readonly kind: 'name' } {
  return { kind: 'name', name }
}

/** A constant text. */
export function textValue(text: string, isBytes = false, layers = 0): Value & { readonly kind: 'text' } {
  return { kind: 'text', text, isBytes, layers }
}

/** One of several values; unknown ones are left out. */
export function choiceOf(values: readonly (Value | undefined)[]): Value | undefined {
  const options = values.flatMap((value) =>
    value === undefined ? [] : value.kind === 'choice' ? value.options : [value],
  )
  return options.length <= 1 ? options[0] : { kind: 'choice', options: options.slice(0, MOST_OPTIONS) }
}

/** The values that a value may be. */
export function optionsOf(value: Value | undefined): readonly Value[] {
  if (value === undefined) return []
  return value.kind === 'choice' ? value.options : [value]
}

/** Names of one block of the source and of those around it. */
export class Scope {
  readonly #names = new Map<string, Value | undefined>()
  readonly #outer: Scope | undefined
  /** Modules of which everything was imported. */
  readonly wildcards: string[]

  /** True where names change within one expression. */
  readonly isShifting: boolean

  constructor(outer?: Scope, { isShifting = false }: { readonly isShifting?: boolean } = {}) {
    this.#outer = outer
    this.isShifting = isShifting || outer?.isShifting === true
    this.wildcards = outer?.wildcards ?? []
  }

  /** The outermost scope. */
  get module(): Scope {
    return this.#outer?.module ?? this
  }

  /** Whether the name is given a value in this scope or around it. */
  has(name: string): boolean {
    return this.#names.has(name) || (this.#outer?.has(name) ?? false)
  }

  /** What a name stands for. */
  get(name: string): Value | undefined {
    return this.#names.has(name) ? this.#names.get(name) : this.#outer?.get(name)
  }

  /** Gives a name a value; under a condition, it may also keep the one that it had. */
  set(name: string, value: Value | undefined, isCertain: boolean): void {
    this.#names.set(name, isCertain ? value : choiceOf([this.get(name), value]))
  }

  /** Gives a name of the module a value. */
  setGlobal(name: string, value: Value | undefined): void {
    this.module.set(name, value, false)
  }
}

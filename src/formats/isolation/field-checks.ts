/**
 * Checks of the parts of messages from the reading process; what does not pass is a `Fault` `bad-message`.
 */
import { Fault } from '../../base/index.ts'

/** An object whose fields were not looked at yet. */
export type Fields = Readonly<Record<string, unknown>>

/** Refuses a message. @throws Fault `bad-message` */
export function refuse(what: string): never {
  throw new Fault('bad-message', what)
}

/** The fields of an object. */
export function fieldsOf(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse('no object where one belongs')
  return value as Fields
}

/** A list. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : refuse('no list where one belongs')
}

/** A well-formed text. */
export function text(value: unknown): string {
  return typeof value === 'string' && value.isWellFormed() ? value : refuse('no well-formed text where one belongs')
}

/** A whole number from 0. */
export function size(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? value
    : refuse('no size where one belongs')
}

/** One of some words. */
export function oneOf<Word extends string>(value: unknown, words: readonly string[]): Word {
  return typeof value === 'string' && words.includes(value)
    ? (value as Word)
    : refuse('no known word where one belongs')
}

/** Leaves out what is absent, so that no member is `undefined`. */
export function optional<Name extends string, Value>(
  name: Name,
  value: unknown,
  check: (value: unknown) => Value,
): { readonly [Key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: check(value) } as { readonly [Key in Name]?: Value })
}

/**
 * Canonical JSON: one value, one sequence of bytes.
 *
 * Everything that we sign, digest or compare is written in this form, so that equal values have equal digests
 * on every machine and in every language. Members are sorted by UTF-16 code units and numbers are written as
 * ECMAScript writes them, as the RFC wants.
 *
 * Guarantee: the output parses to an equal value; a value that JSON cannot carry exactly (NaN, infinities,
 * undefined in a list, functions, dates and other instances, lone surrogates, cycles) is refused and never silently changed.
 *
 * Source: RFC 8785 (JSON Canonicalization Scheme); RFC 7493 (I-JSON).
 */
import { Fault } from './fault.ts'

/** A value that JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [member: string]: Json | undefined }

function quote(text: string): string {
  if (!text.isWellFormed()) throw new Fault('not-json', 'a string holds a lone surrogate')
  return JSON.stringify(text)
}

function writeNumber(value: number): string {
  if (!Number.isFinite(value)) throw new Fault('not-json', `${value} is not a JSON number`)
  return JSON.stringify(value)
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function writeObject(value: { readonly [member: string]: Json | undefined }, depth: number): string {
  if (!isPlain(value)) throw new Fault('not-json', `a ${value.constructor?.name} is not JSON`)
  const members = Object.keys(value).filter((key) => value[key] !== undefined)
  // The default order of sort() is the one that the RFC asks for: UTF-16 code units.
  const written = members.sort().map((key) => `${quote(key)}:${write(value[key] as Json, depth + 1)}`)
  return `{${written.join(',')}}`
}

function write(value: Json, depth: number): string {
  if (depth > 512) throw new Fault('not-json', 'nested deeper than 512 levels, or cyclic')
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return writeNumber(value)
  if (Array.isArray(value)) return `[${Array.from(value, (item: Json) => write(item, depth + 1)).join(',')}]`
  if (typeof value === 'object') return writeObject(value as { readonly [member: string]: Json }, depth)
  throw new Fault('not-json', `a ${typeof value} is not JSON`)
}

/**
 * Writes a value canonically. Members that are `undefined` are left out.
 *
 * @throws Fault `not-json` for a value that JSON cannot carry
 * @example
 * canonicalJson({ b: [1, 'é'], a: 1e21 }) // '{"a":1e+21,"b":[1,"é"]}'
 */
export function canonicalJson(value: unknown): string {
  return write(value as Json, 0)
}

/** Values of the checker for tests, each by a word. */
import type { Instance, Value } from '../formats/pickle/checker/values.ts'

/** None. */
export const NONE: Value = { is: 'none' }

/** An int; NaN is one of more than six bytes. */
export function int(value: number): Value {
  return { is: 'int', value }
}

/** A str. */
export function str(text: string): Value {
  return { is: 'text', text, native: false }
}

/** A string of Python 2. */
export function native(text: string): Value {
  return { is: 'text', text, native: true }
}

/** Bytes of a length. */
export function bytes(length: number): Value {
  return { is: 'bytes', length }
}

/** A container; of dicts key after value. */
export function box(is: 'tuple' | 'list' | 'set' | 'frozenset' | 'dict', ...items: Value[]): Value {
  return { is, items }
}

/** A tuple of ints. */
export function ints(...numbers: readonly number[]): Value {
  return { is: 'tuple', items: numbers.map(int) }
}

function split(path: string): { readonly module: string; readonly name: string } {
  const dot = path.lastIndexOf('.')
  return { module: path.slice(0, dot), name: path.slice(dot + 1) }
}

/** A global. @example globalOf('torch.Size').is // 'global' */
export function globalOf(path: string): Value {
  return { is: 'global', ...split(path) }
}

/** An instance of a class. */
export function made(path: string, more: Partial<Instance> = {}): Instance {
  return { is: 'instance', ...split(path), items: [], built: false, ...more }
}

/** A NumPy type. */
export function dtype(code: string, size: number, objects = false): Instance {
  return made('numpy.dtype', { dtype: { code, size, objects } })
}

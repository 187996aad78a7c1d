/** Values of the checker: plain objects, one for each thing that a pickle makes. */

/** See the module. */
export type Value =
  | { readonly is: 'none' | 'float' | 'mark' }
  | { readonly is: 'bool' | 'int'; readonly value: number }
  | { readonly is: 'text'; readonly text: string; readonly native: boolean }
  | { readonly is: 'bytes' | 'bytearray'; readonly length: number }
  | { readonly is: 'tuple' | 'list' | 'set' | 'frozenset' | 'dict'; readonly items: Value[] }
  | { readonly is: 'global'; readonly module: string; readonly name: string }
  | Instance
  | { readonly is: 'storage'; readonly type: string; readonly elements: number }

/** An instance of a listed class. */
export interface Instance {
  readonly is: 'instance'
  readonly module: string
  readonly name: string
  /** What opcodes put into it; for dicts key after value. */
  readonly items: Value[]
  /** Whether it was given a state. */
  built: boolean
  /** Of a NumPy type: its size and whether it holds objects. */
  dtype?: ElementType
  /** Of a torch.Size: the sizes. */
  sizes?: readonly number[]
}

/** A NumPy element type. */
export interface ElementType {
  readonly code: string
  readonly size: number
  readonly objects: boolean
}

/** `module.name`. */
export function pathOf({ module, name }: { readonly module: string; readonly name: string }): string {
  return `${module}.${name}`
}

/** Whether two values are one: the same object, or constants that cannot be told apart. */
export function isSame(a: Value, b: Value): boolean {
  if (a === b) return true
  if (a.is === 'global') return b.is === 'global' && pathOf(a) === pathOf(b)
  if (a.is === 'int' || a.is === 'bool') return b.is === a.is && Object.is(a.value, b.value)
  if (a.is === 'tuple') return b.is === 'tuple' && a.items.length === 0 && b.items.length === 0
  return a.is === b.is && (a.is === 'none' || a.is === 'float')
}

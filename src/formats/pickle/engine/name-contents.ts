/**
 * Names of tensors and arrays: their path in the result, as a state dict has it.
 */
import type { PickleArray, PickleTensor } from './analysis.ts'
import type { Machine } from './machine.ts'
import { textAt } from './texts.ts'
import { DICT, INST, INT, kindOf, STR, TUPLE } from './values.ts'

const MOST = 1_000_000
const LONGEST_NAME = 1024
/** Where modules of torch keep their parts: left out of names, as its state dicts do. */
const TRANSPARENT: ReadonlySet<string> = new Set(['_modules', '_parameters', '_buffers'])

interface Place {
  readonly kind: number
  readonly load: number
  readonly name: string
}

/** Tensors and arrays under the result. */
export interface Contents {
  readonly tensors: readonly PickleTensor[]
  readonly arrays: readonly PickleArray[]
}

class Walk {
  readonly tensors: PickleTensor[] = []
  readonly arrays: PickleArray[] = []
  readonly #m: Machine
  readonly #seen = new Set<number>()
  readonly #open: Place[] = []

  constructor(m: Machine) {
    this.#m = m
  }

  /** Visits everything under a place, in the order in which it stands there. */
  run(root: Place): void {
    this.#open.push(root)
    for (let place = this.#open.pop(); place !== undefined; place = this.#open.pop()) {
      if (this.tensors.length + this.arrays.length >= MOST) return
      this.#visit(place)
    }
  }

  #visit({ kind, load, name }: Place): void {
    const plain = kindOf(kind)
    if (load < 0 || plain < TUPLE || plain > INST) return
    const meta = plain === INST ? this.#m.metas.get(load) : undefined
    if (meta?.is === 'tensor') this.tensors.push({ name, ...meta.tensor })
    if (meta?.is === 'array') this.arrays.push({ name, ...meta.array })
    if (meta !== undefined || this.#seen.has(load)) return
    this.#seen.add(load)
    if (plain === INST) this.#enterInstance(load, name)
    else this.#enter(plain === DICT, load, name)
  }

  #enterInstance(cell: number, name: string): void {
    const state = this.#m.states.get(cell)
    if (state !== undefined) this.#open.push({ kind: state[0], load: state[1], name })
    this.#enter(true, cell, name)
  }

  #enter(isDict: boolean, cell: number, name: string): void {
    const found: Place[] = []
    let key = ''
    this.#m.heap.each(cell, (kind, load, index) => {
      if (isDict && index % 2 === 0) key = this.#keyOf(kind, load)
      else if (kindOf(kind) >= TUPLE) found.push({ kind, load, name: join(name, isDict ? key : String(index)) })
      return found.length < MOST
    })
    for (const place of found.toReversed()) this.#open.push(place)
  }

  #keyOf(kind: number, load: number): string {
    if (kindOf(kind) === STR) return (textAt(this.#m, load, LONGEST_NAME) ?? '…').toWellFormed()
    return kind === INT ? String(load) : '?'
  }
}

function join(name: string, key: string): string {
  if (TRANSPARENT.has(key) || name.length > LONGEST_NAME) return name
  return name === '' ? key : `${name}.${key}`
}

/** See the module. */
export function nameContents(m: Machine): Contents {
  if (m.metas.size === 0 || m.stack.length === 0) return { tensors: [], arrays: [] }
  const top = m.stack.length - 1
  const walk = new Walk(m)
  walk.run({ kind: m.stack.kind(top), load: m.stack.load(top), name: '' })
  return { tensors: walk.tensors, arrays: walk.arrays }
}

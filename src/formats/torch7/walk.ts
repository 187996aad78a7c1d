/**
 * Walks a Torch7 file in its binary form: tables, tensors, storages, and functions, which are noted.
 *
 * An object that was written before stands as its number. Guarantee: a length that the bytes present cannot hold is a
 * `Fault` `lua-length`, nesting is the budget's, and nothing is built.
 *
 * Source: `File.lua`, `Tensor.lua` and `generic/Storage.c` of Torch7.
 */
import { addChecked, Fault, mulChecked, toSize } from '../../base/index.ts'
import type { FactCollector } from '../fact-collector.ts'
import { quoteName } from '../names.ts'
import type { PageReader } from '../page-reader.ts'
import type { ReadRequest } from '../reader.ts'
import type { Torch7Anomaly } from './anomalies.ts'

const [NIL, NUMBER, STRING, TABLE, TORCH, BOOLEAN, FUNCTION] = [0, 1, 2, 3, 4, 5, 6]
/** Two further forms of a function: with the names of its upvalues, and an older one. */
const FUNCTIONS: readonly number[] = [FUNCTION, 7, 8]
const KEPT_TEXT = 256
const MOST_DIMENSIONS = 64
const LONGEST_CLASS = 256
const DEEPEST = 200

/** Name of safetensors and bytes of one element, by the name of the storage. */
const ELEMENTS: ReadonlyMap<string, readonly [type: string, bytes: number]> = new Map([
  ['Float', ['F32', 4]],
  ['Double', ['F64', 8]],
  ['Half', ['F16', 2]],
  ['Long', ['I64', 8]],
  ['Int', ['I32', 4]],
  ['Short', ['I16', 2]],
  ['Char', ['I8', 1]],
  ['Byte', ['U8', 1]],
  ['Cuda', ['F32', 4]],
  ['CudaDouble', ['F64', 8]],
  ['CudaHalf', ['F16', 2]],
  ['CudaLong', ['I64', 8]],
  ['CudaInt', ['I32', 4]],
  ['CudaShort', ['I16', 2]],
  ['CudaChar', ['I8', 1]],
  ['CudaByte', ['U8', 1]],
])
const TENSOR_CLASS = /^torch\.(\w+)(Tensor|Storage)$/

/** Where the numbers of a storage lie. */
interface Storage {
  readonly type: string
  readonly bytes: number
  readonly at: number
  readonly count: number
}

/** What an object is, as far as others need to know. */
interface Known {
  readonly storage?: Storage
}

/** See the module. */
export class Torch7Walk {
  readonly #request: ReadRequest
  readonly #facts: FactCollector<Torch7Anomaly>
  readonly #cursor: PageReader
  readonly #objects = new Map<number, Known>()
  #claimed = 0

  constructor(request: ReadRequest, facts: FactCollector<Torch7Anomaly>, cursor: PageReader) {
    this.#request = request
    this.#facts = facts
    this.#cursor = cursor
  }

  #refuse(code: 'lua-length' | 'lua-object', message: string): never {
    throw new Fault(code, message, { details: { offset: this.#cursor.at } })
  }

  #need(bytes: number): void {
    if (bytes > this.#cursor.remaining)
      this.#refuse('lua-length', `${bytes} bytes are wanted and ${this.#cursor.remaining} are left`)
  }

  #int(): number {
    this.#need(4)
    return this.#cursor.i32()
  }

  #long(): number {
    this.#need(8)
    const value = this.#cursor.i64()
    if (value < 0n) this.#refuse('lua-object', `a size of ${value}`)
    return toSize(value)
  }

  #text(longest = KEPT_TEXT): string {
    const length = this.#int()
    if (length < 0) this.#refuse('lua-length', `a text of ${length} bytes`)
    this.#need(length)
    const kept = Buffer.from(this.#cursor.view(Math.min(length, longest))).toString('utf8')
    this.#cursor.skip(length - Math.min(length, longest))
    return kept
  }

  /** Takes one object whole. @throws Fault `lua-…`, `budget-…` */
  object(path: string, depth = 0): string | Known | undefined {
    if (depth > DEEPEST) throw new Fault('budget-depth', `nested deeper than ${DEEPEST} levels`)
    this.#request.budget.spendItems()
    const type = this.#int()
    if (type === NIL) return undefined
    if (type === NUMBER) return this.#number()
    if (type === STRING) return this.#text()
    if (type === BOOLEAN) return void this.#int()
    if (type !== TABLE && type !== TORCH && !FUNCTIONS.includes(type))
      this.#refuse('lua-object', `an object of type ${type}`)
    return this.#numbered(type, path, depth)
  }

  /** What has a number, so that it can be referred to. */
  #numbered(type: number, path: string, depth: number): Known | undefined {
    const index = this.#int()
    const known = this.#objects.get(index)
    if (known !== undefined) return known
    this.#objects.set(index, {})
    if (type === TORCH) return this.#classed(index, path, depth)
    if (type === TABLE) this.#table(path, depth)
    else this.#function(path, depth)
    return undefined
  }

  #number(): string {
    this.#need(8)
    return String(this.#cursor.f64())
  }

  #table(path: string, depth: number): void {
    const count = this.#int()
    if (count < 0 || count > this.#cursor.remaining / 8) this.#refuse('lua-length', `a table of ${count} entries`)
    for (let i = 0; i < count; i++) {
      const key = this.object(`${path}.key`, depth + 1)
      this.object(`${path}.${typeof key === 'string' ? key : i}`, depth + 1)
    }
  }

  #function(path: string, depth: number): void {
    const at = this.#cursor.at
    const length = this.#int()
    if (length < 0) this.#refuse('lua-length', `a function of ${length} bytes`)
    this.#need(length)
    this.#cursor.skip(length)
    const message = `a Lua function of ${length} bytes`
    this.#facts.anomalies.add('lua-function', message, { locus: path.toWellFormed(), offset: at, length })
    this.object(`${path}.upvalues`, depth + 1)
  }

  #classed(index: number, path: string, depth: number): Known {
    const first = this.#text(LONGEST_CLASS)
    const name = first.startsWith('V ') ? this.#text(LONGEST_CLASS) : first
    const [, element = '', kind] = TENSOR_CLASS.exec(name) ?? []
    const known = kind === 'Storage' ? { storage: this.#storage(element) } : {}
    this.#objects.set(index, known)
    if (kind === 'Tensor') this.#tensor(path, depth)
    else if (kind === undefined) this.#instance(name, path, depth)
    return known
  }

  /** Classes write themselves as a table unless they say otherwise, which cannot be known. */
  #instance(name: string, path: string, depth: number): void {
    this.#facts.reference({ kind: 'class', target: name.toWellFormed(), locus: path.toWellFormed() })
    this.object(path, depth + 1)
  }

  #storage(element: string): Storage {
    const [type, bytes] = ELEMENTS.get(element) ?? this.#refuse('lua-object', `a storage of ${quoteName(element)}`)
    const count = this.#long()
    const length = mulChecked(count, bytes)
    this.#need(length)
    const { at } = this.#cursor
    this.#facts.claim('metadata', this.#claimed, at)
    this.#facts.claim('tensor', at, at + length)
    this.#cursor.skip(length)
    this.#claimed = at + length
    return { type, bytes, at, count }
  }

  #tensor(path: string, depth: number): void {
    const dimensions = this.#int()
    if (dimensions < 0 || dimensions > MOST_DIMENSIONS)
      this.#refuse('lua-object', `a tensor of ${dimensions} dimensions`)
    const shape = Array.from({ length: dimensions }, () => this.#long())
    const strides = Array.from({ length: dimensions }, () => this.#long())
    const first = this.#long() - 1
    const storage = this.object(`${path}.storage`, depth + 1)
    if (typeof storage === 'object' && storage.storage !== undefined && first >= 0)
      this.#addTensor(path.toWellFormed(), storage.storage, { shape, strides, first })
  }

  #addTensor(name: string, storage: Storage, view: View): void {
    const { shape, strides, first } = view
    const isEmpty = shape.length === 0 || shape.includes(0)
    const last = isEmpty ? 0 : addChecked(first, ...shape.map((size, i) => mulChecked(size - 1, strides[i] ?? 0)), 1)
    if (last > storage.count) {
      const message = `${shape.join(' × ')} from ${first} on reach ${last} of ${storage.count} numbers`
      this.#facts.anomalies.add('lua-tensor', message, { locus: name, offset: storage.at })
      return
    }
    const count = isEmpty ? 0 : mulChecked(...shape)
    this.#facts.tensor({
      name,
      type: storage.type,
      shape,
      file: this.#request.path,
      offset: storage.at + first * storage.bytes,
      length: count * storage.bytes,
      ...(isContiguous(shape, strides) ? {} : { packed: 'strided' }),
    })
  }

  /** Claims what is not claimed yet. */
  finish(): void {
    this.#facts.claim('metadata', this.#claimed, this.#cursor.at)
  }
}

interface View {
  readonly shape: readonly number[]
  readonly strides: readonly number[]
  /** First number within the storage. */
  readonly first: number
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let step = 1
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1 && strides[i] !== step) return false
    step *= shape[i] ?? 1
  }
  return true
}

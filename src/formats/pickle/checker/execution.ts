/**
 * One run of the checker over a stream.
 */
import type { PickleUse } from '../proof.ts'
import { constantOf, lineNumber } from './constants.ts'
import { Decoder, type Decoded } from './decode.ts'
import type { Calls } from './calls.ts'
import { Refusal } from './refusal.ts'
import { wrappedArray, persistentValue } from './semantics.ts'
import { isSame, type Value } from './values.ts'

/** How the stream is embedded; see the engine's context. */
export interface CheckContext {
  readonly persistent: 'none' | 'torch'
  readonly storageBytes?: (key: string) => number | undefined
  readonly rawArrays?: 'joblib'
  readonly names?: 'torchscript'
}

const LONG_PAYLOAD = 64 * 1024
const IDENTIFIER = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/
const MEMOS: ReadonlySet<string> = new Set(['PUT', 'BINPUT', 'LONG_BINPUT', 'MEMOIZE', 'FRAME'])
const FILLERS: ReadonlyMap<string, 'list' | 'dict' | 'set'> = new Map([
  ['APPEND', 'list'],
  ['APPENDS', 'list'],
  ['SETITEM', 'dict'],
  ['SETITEMS', 'dict'],
  ['ADDITEMS', 'set'],
] as const)

/** Opcodes that take everything above the mark, and `EMPTY_` before them nothing. */
const WHOLE: ReadonlyMap<string, 'tuple' | 'list' | 'dict' | 'set' | 'frozenset'> = new Map([
  ['TUPLE', 'tuple'],
  ['LIST', 'list'],
  ['DICT', 'dict'],
  ['SET', 'set'],
  ['FROZENSET', 'frozenset'],
] as const)

function refuse(what: string): never {
  throw new Refusal(what)
}

/** See the module. */
export class Execution {
  /** Ranges that the digest passes over. */
  readonly skipped: { readonly from: number; readonly to: number }[] = []
  readonly #decoder: Decoder
  readonly #context: CheckContext
  readonly #calls: Calls
  readonly #memo = new Map<number, Value>()
  #stack: Value[] = []
  #protocol = 0
  #frameEnd = -1
  #count = 0
  #direct = 0

  constructor(bytes: Uint8Array, calls: Calls, context: CheckContext) {
    this.#decoder = new Decoder(bytes)
    this.#calls = calls
    this.#context = context
  }

  /** What was used, as a proof lists it. */
  uses(): readonly PickleUse[] {
    return this.#calls.uses()
  }

  /** Runs the stream, which must fill the bytes. @throws Refusal */
  run(): void {
    this.#runToStop()
    if (this.#decoder.at !== this.#decoder.bytes.length) refuse('bytes follow STOP')
  }

  #runToStop(): void {
    for (;;) {
      const op = this.#decoder.next()
      if (op.to - op.from > LONG_PAYLOAD) this.skipped.push({ from: op.from, to: op.to })
      this.#proto(op)
      this.#frame(op)
      if (op.name === 'STOP') break
      const constant = constantOf(this.#decoder, op)
      if (constant !== undefined) this.#stack.push(constant)
      else this.#step(op)
      this.#remember(op)
    }
    this.#pop()
    if (this.#stack.length > 0) refuse('STOP leaves more than one value')
  }

  /** How many values stand on top that were pushed directly before, as texts or out of the memo. */
  #remember({ name }: Decoded): void {
    const pushes = name.includes('UNICODE') || name.endsWith('GET')
    if (!MEMOS.has(name)) this.#direct = pushes ? this.#direct + 1 : 0
    this.#count += 1
  }

  #proto({ name, at, number, protocol }: Decoded): void {
    if (name === 'PROTO') {
      if (this.#count > 0 || number < 2 || number > 5) refuse(`PROTO ${number} at ${at}`)
      this.#protocol = number
    } else if (protocol > Math.max(1, this.#protocol)) refuse(`${name} in protocol ${this.#protocol}`)
  }

  #frame({ name, at, end, number }: Decoded): void {
    const inside = at < this.#frameEnd
    if (name === 'FRAME') {
      if (inside || end + number > this.#decoder.bytes.length) refuse(`FRAME at ${at}`)
      this.#frameEnd = end + number
    } else if (inside && (end > this.#frameEnd || (name === 'STOP' && end < this.#frameEnd)))
      refuse(`the frame at ${at}`)
  }

  #pop(): Value {
    const value = this.#stack.pop()
    return value === undefined || value.is === 'mark' ? refuse('the stack is empty') : value
  }

  #popToMark(): Value[] {
    const at = this.#stack.findLastIndex(({ is }) => is === 'mark')
    if (at < 0) refuse('there is no mark')
    const values = this.#stack.slice(at + 1)
    this.#stack.length = at
    return values
  }

  #step(op: Decoded): void {
    const { name } = op
    const filled = FILLERS.get(name)
    if (name === 'PROTO' || name === 'FRAME') return
    if (name === 'MARK') this.#stack.push({ is: 'mark' })
    else if (name.endsWith('GET') || name.endsWith('PUT') || name === 'MEMOIZE') this.#moveMemo(op)
    else if (filled !== undefined) this.#fill(name, filled)
    else if (name.startsWith('POP') || name === 'DUP') this.#moveStack(name)
    else this.#make(op)
  }

  #moveStack(name: string): void {
    if (name === 'POP_MARK') this.#popToMark()
    else if (name === 'POP') {
      if (this.#stack.pop() === undefined) refuse('the stack is empty')
    } else {
      const top = this.#pop()
      this.#stack.push(top, top)
    }
  }

  #moveMemo(op: Decoded): void {
    const isLine = op.name === 'GET' || op.name === 'PUT'
    const index = op.name === 'MEMOIZE' ? this.#memo.size : isLine ? lineNumber(this.#decoder, op) : op.number
    if (op.name.endsWith('GET')) this.#stack.push(this.#memo.get(index) ?? refuse(`nothing is stored under ${index}`))
    else {
      const top = this.#pop()
      this.#stack.push(top)
      const stored = this.#memo.get(index)
      if (stored !== undefined && !isSame(stored, top)) refuse(`${index} is stored twice`)
      this.#memo.set(index, top)
    }
  }

  #fill(name: string, kind: 'list' | 'dict' | 'set'): void {
    const values = name.endsWith('S') ? this.#popToMark() : this.#stack.splice(kind === 'dict' ? -2 : -1)
    if (values.some(({ is }) => is === 'mark')) refuse('a mark stands among the items')
    const target = this.#target(kind)
    this.#keys(values, kind)
    for (const value of values) target.items.push(value)
  }

  /** The container on top, which must be of the kind or an instance that is filled like one. */
  #target(kind: 'list' | 'dict' | 'set'): { readonly items: Value[] } {
    const target = this.#stack.at(-1)
    const filled = target?.is === 'instance' ? this.#calls.signature(target).items : target?.is
    return filled === kind ? (target as { readonly items: Value[] }) : refuse(`there is no ${kind} to fill`)
  }

  #keys(values: readonly Value[], kind: Value['is']): void {
    if (kind === 'dict' && values.length % 2 === 1) refuse('a key has no value')
    if (kind === 'list' || kind === 'tuple') return
    const keys = kind === 'dict' ? values.filter((_value, i) => i % 2 === 0) : values
    if (!keys.every((key) => this.#calls.isHashable(key))) refuse('a key has no hash')
  }

  #collect(is: 'tuple' | 'list' | 'dict' | 'set' | 'frozenset', items: Value[]): void {
    this.#keys(items, is)
    this.#stack.push({ is, items })
  }

  #take(count: number): Value[] {
    return Array.from({ length: count }, () => this.#pop()).toReversed()
  }

  #make(op: Decoded): void {
    const { name } = op
    if (/TUPLE\d/.test(name)) return this.#collect('tuple', this.#take(Number(name.at(-1))))
    const whole = WHOLE.get(name)
    if (whole !== undefined) return this.#collect(whole, this.#popToMark())
    const empty = WHOLE.get(name.replace('EMPTY_', ''))
    if (empty !== undefined) return this.#collect(empty, [])
    if (name !== 'BINPERSID') return this.#name(op)
    if (this.#context.persistent !== 'torch') refuse('a persistent id that nothing resolves')
    this.#stack.push(persistentValue(this.#pop(), this.#context.storageBytes))
  }

  #name(op: Decoded): void {
    if (op.name === 'GLOBAL' || op.name === 'INST') this.#nameByLines(op)
    else if (op.name === 'STACK_GLOBAL') this.#nameByConstants()
    else if (op.name === 'OBJ') {
      const [callee, ...args] = this.#popToMark()
      this.#instantiate(callee, args)
    } else if (op.name === 'BUILD') this.#build()
    else this.#call(op.name as 'REDUCE' | 'NEWOBJ' | 'NEWOBJ_EX')
  }

  #nameByLines({ name: opcode, from, to }: Decoded): void {
    const [module, name] = this.#decoder.bytes.toString('utf8', from, to).split('\n') as [string, string]
    const global = this.#global(module, name)
    if (opcode === 'INST') this.#instantiate(global, this.#popToMark())
    else this.#stack.push(global)
  }

  #nameByConstants(): void {
    const [name, module] = [this.#pop(), this.#pop()]
    if (module.is !== 'text' || name.is !== 'text' || this.#direct < 2) return refuse('a name is computed')
    if (module.native || name.native) refuse('a name is a string of Python 2')
    this.#stack.push(this.#global(module.text, name.text))
  }

  #global(module: string, name: string): Value {
    if (![module, name].every((part) => part.length <= 256 && IDENTIFIER.test(part))) refuse('a name is no identifier')
    return this.#calls.name(module, name)
  }

  #instantiate(callee: Value | undefined, items: Value[]): void {
    this.#stack.push(this.#calls.call(items.length === 0 ? 'NEWOBJ' : 'REDUCE', callee, { is: 'tuple', items }))
  }

  #call(name: 'REDUCE' | 'NEWOBJ' | 'NEWOBJ_EX'): void {
    if (name === 'NEWOBJ_EX') {
      const keywords = this.#pop()
      if (keywords.is !== 'dict' || keywords.items.length > 0) refuse('NEWOBJ_EX with keywords')
    }
    const [args, callee] = [this.#pop(), this.#pop()]
    this.#stack.push(this.#calls.call(name, callee, args))
  }

  #build(): void {
    const [state, target] = [this.#pop(), this.#pop()]
    if (target.is !== 'instance') return refuse('BUILD on no instance')
    const wrapper = this.#calls.build(target, state)
    this.#stack.push(target)
    if (wrapper) this.#passArray(state)
  }

  /** What joblib reads behind a wrapper, in place of which the array then stands. */
  #passArray(state: Value): void {
    if (this.#context.rawArrays !== 'joblib') refuse('a wrapper that nothing reads')
    const { length, objects, padded } = wrappedArray(state)
    const { bytes } = this.#decoder
    if (this.#decoder.at < this.#frameEnd) refuse('array bytes inside a frame')
    if (objects) return this.#runInner()
    if (padded) this.#passPadding()
    const from = this.#decoder.at
    if (!(length >= 0 && from + length <= bytes.length)) refuse('array bytes are missing')
    this.skipped.push({ from, to: from + length })
    this.#decoder.at = from + length
    this.#stack[this.#stack.length - 1] = this.#calls.array()
  }

  #passPadding(): void {
    const { bytes, at } = this.#decoder
    const count = bytes[at] ?? refuse('padding is missing')
    if (bytes.subarray(at + 1, at + 1 + count).some((byte) => byte !== 0xff)) refuse('padding holds something')
    this.#decoder.at = at + 1 + count
  }

  #runInner(): void {
    const inner = new Execution(this.#decoder.bytes, this.#calls, { persistent: 'none' })
    inner.#decoder.at = this.#decoder.at
    inner.#runToStop()
    this.skipped.push(...inner.skipped)
    this.#decoder.at = inner.#decoder.at
    this.#stack[this.#stack.length - 1] = this.#calls.array()
  }
}

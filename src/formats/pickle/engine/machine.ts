/**
 * The state of the abstract machine: the bytes at hand, stack, marks, memo, heap, and what was noted.
 *
 * Opcodes are functions over it (`handlers.ts`). It knows nothing of what is allowed; `policy/` does.
 *
 * Guarantee: bounded. Stack, memo and heap have limits, the bytes at hand are one window of at most 256 KiB, and what
 * is declared allocates nothing. What breaks the stream is a `Fault` whose code is an anomaly's.
 */
import { Buffer } from 'node:buffer'
import { Fault } from '../../../base/index.ts'
import { AnomalyList } from '../../anomaly-list.ts'
import type { OpcodeFact } from '../../facts.ts'
import type { ReadRequest } from '../../reader.ts'
import { ANOMALIES, type PickleAnomaly } from '../anomalies.ts'
import { NestedSearch } from '../nested.ts'
import type { OpcodeStream } from '../opcode-stream.ts'
import { OPCODE_BY_BYTE } from '../opcodes.ts'
import type { PickleFailure } from '../proof.ts'
import type { ByteRange, PickleContext } from './analysis.ts'
import { GlobalTable } from './global-table.ts'
import { Heap } from './heap.ts'
import { Memo } from './memo.ts'
import { positionNumber, type ArrayMeta, type Meta, type Position, type Storage } from './meta.ts'
import { ValueList } from './value-list.ts'
import { TOP } from './values.ts'

const SMALL_WINDOW = 16 * 1024
const LARGE_WINDOW = 256 * 1024
const MOST_STACK = 1 << 21
const MOST_ARRAYS = 1 << 17
const MOST_MARKS = 1 << 20
const NEWLINE = 10
const NO_BYTES = Buffer.alloc(0)
/** Longer lines end the stream. */
const LONGEST_LINE = 64 * 1024 * 1024

/** What a machine is made of. */
export interface MachineOptions {
  readonly request: ReadRequest
  readonly from: number
  readonly context: PickleContext
  /** The machine in whose stream this one stands. */
  readonly outer?: Machine
  /** Runs a machine to its STOP; streams may hold streams. */
  readonly run: (m: Machine) => void
}

/** See the module. */
export class Machine {
  readonly request: ReadRequest
  readonly context: PickleContext
  readonly run: (m: Machine) => void
  /** First byte of the stream and first after all that it may use. */
  readonly from: number
  readonly to: number
  readonly anomalies: AnomalyList<PickleAnomaly>
  readonly stack: ValueList
  readonly memo: Memo
  readonly heap: Heap
  readonly globals: GlobalTable
  /** Storages that persistent ids name. */
  readonly storages: Storage[] = []
  /** What is known of instances, by their cell. */
  readonly metas = new Map<number, Meta>()
  /** States that instances were given, by their cell. */
  readonly states = new Map<number, readonly [kind: number, load: number]>()
  /** The first opcodes, for a person. */
  readonly listed: OpcodeFact[] = []
  /** Walks opcodes for the listing, once it is needed. */
  lister: OpcodeStream | undefined
  /** Bytes of texts that were encoded as Latin-1, by the offset of the text. */
  readonly latin1 = new Map<number, number>()
  /** Arrays whose bytes stand in the source, in the order of the stream. */
  readonly arrays: ArrayMeta[] = []
  /** How often each global is used in each position; see {@link use}. */
  readonly uses: Map<number, number>
  /** The cell of the empty tuple. */
  readonly emptyTuple: number
  /** Depths of the stack at the open marks. */
  readonly marks: number[] = []
  /** Values below this depth belong to an open mark. */
  fence = 0
  /** The window, the offset in the source of its first byte, and the index of the next byte. */
  bytes = NO_BYTES
  base: number
  at = 0
  /** Opcodes read so far; while one runs, its number. */
  count = 0
  /** First byte of the opcode that runs. */
  offset: number
  code = 0
  protocol = 0
  /** Strings that were pushed directly before this opcode, at most two. */
  direct = 0
  canonical = true
  /** First byte after the open frame, or negative. */
  frameEnd = -1
  /** Opcodes of later protocols are noted, once. */
  newest = 1
  /** How deep the stream is nested in others. */
  readonly depth: number
  /** Bytes of arrays behind opcodes. */
  readonly rawBehind: ByteRange[] = []
  /** Values that were taken out of the memo or doubled. */
  gets = 0
  /** Payloads that the digest of the proof passes over. */
  readonly longPayloads: ByteRange[] = []
  readonly search: NestedSearch
  failing: PickleFailure | undefined
  #window = SMALL_WINDOW
  #own = NO_BYTES

  constructor({ request, from, context, outer, run }: MachineOptions) {
    this.run = run
    this.request = request
    this.context = context
    this.from = from
    this.base = from
    this.offset = from
    this.depth = outer === undefined ? 0 : outer.depth + 1
    this.anomalies = outer?.anomalies ?? new AnomalyList<PickleAnomaly>(ANOMALIES)
    this.uses = outer?.uses ?? new Map<number, number>()
    this.search = outer?.search ?? new NestedSearch()
    this.globals = outer?.globals ?? new GlobalTable(context.names === 'torchscript')
    this.to = Math.min(context.to ?? request.source.size, request.source.size)
    const bytes = this.to - from
    this.stack = new ValueList(MOST_STACK)
    this.memo = new Memo(bytes)
    this.heap = new Heap(bytes)
    this.emptyTuple = this.heap.make()
  }

  /** Gives the memory back; the machine is not used any more. */
  release(): void {
    this.stack.release()
    this.memo.release()
    this.heap.release()
  }

  /** Offset in the source of the next byte. */
  get position(): number {
    return this.base + this.at
  }

  /** Makes at least `needed` bytes from the next one on resident. @throws Fault `pkl-truncated` */
  fill(needed: number): void {
    const position = this.base + this.at
    const left = this.to - position
    if (left < needed) throw new Fault('pkl-truncated', this.#describeEnd(position))
    const length = Math.min(left, Math.max(needed, this.#window))
    this.#window = Math.min(LARGE_WINDOW, this.#window * 4)
    this.bytes = this.#copy(this.request.source.read(position, length))
    this.base = position
    this.at = 0
  }

  /** What a source gives is valid until the next read, so the window is a copy, in one place that is used again. */
  #copy(bytes: Uint8Array): Buffer<ArrayBuffer> {
    if (this.#own.length < bytes.length) this.#own = Buffer.allocUnsafe(bytes.length)
    this.#own.set(bytes)
    return this.#own.subarray(0, bytes.length)
  }

  #describeEnd(position: number): string {
    if (position === this.offset) return `the bytes end at ${this.to} without STOP`
    return `the bytes end inside ${this.name} at ${this.offset}`
  }

  /** Moves the next byte; the bytes between are not read. */
  skipTo(position: number): void {
    const index = position - this.base
    if (index <= this.bytes.length) {
      this.at = index
      return
    }
    this.bytes = NO_BYTES
    this.base = position
    this.at = 0
    this.#window = SMALL_WINDOW
  }

  /** Bytes of the stream, valid until the next read. */
  read(from: number, length: number): Uint8Array {
    const index = from - this.base
    if (index >= 0 && index + length <= this.bytes.length) return this.bytes.subarray(index, index + length)
    return this.request.source.read(from, length)
  }

  /** Passes a line and gives the offset of its newline. @throws Fault `pkl-truncated` */
  passLine(): number {
    const index = this.bytes.indexOf(NEWLINE, this.at)
    const end = index >= 0 ? this.base + index : this.#findNewline()
    this.skipTo(end + 1)
    return end
  }

  #findNewline(): number {
    const limit = Math.min(this.to, this.position + LONGEST_LINE)
    for (let from = this.position; from < limit; from += LARGE_WINDOW) {
      const found = this.request.source.read(from, Math.min(LARGE_WINDOW, limit - from)).indexOf(NEWLINE)
      if (found >= 0) return from + found
    }
    throw new Fault('pkl-truncated', `the line of ${this.name} at ${this.offset} does not end`)
  }

  /** Name of the opcode that runs. */
  get name(): string {
    return OPCODE_BY_BYTE[this.code]?.name ?? 'end'
  }

  /** Pushes a value. @throws Fault `budget-items` */
  push(kind: number, load: number): void {
    if (!this.stack.push(kind, load)) throw new Fault('budget-items', `more than ${MOST_STACK} values on the stack`)
  }

  /** Whether so many values stand above the fence; notes it when they do not. */
  has(count: number): boolean {
    if (this.stack.length - this.fence >= count) return true
    this.note('pkl-stack', `${this.name} at ${this.offset} takes ${count} from a stack that has fewer`)
    this.fail('the stack', 'there are too few values on the stack')
    return false
  }

  /** Opens a mark. @throws Fault `budget-items` */
  mark(): void {
    if (this.marks.length === MOST_MARKS) throw new Fault('budget-items', `more than ${MOST_MARKS} open marks`)
    this.marks.push(this.stack.length)
    this.fence = this.stack.length
  }

  /** Closes the last mark and gives where the values above it begin; notes it when there is none. */
  unmark(): number {
    const depth = this.marks.pop()
    this.fence = this.marks.at(-1) ?? 0
    if (depth !== undefined) return depth
    this.note('pkl-stack', `${this.name} at ${this.offset} wants a mark and there is none`)
    this.fail('the stack', 'there is no mark')
    return this.stack.length
  }

  /** Replaces everything from `depth` on by one value. */
  replace(depth: number, kind: number, load: number): void {
    this.stack.length = depth
    this.push(kind, load)
  }

  /** Replaces the upper values, as far as they are there, by one that is not known. */
  replaceByUnknown(count: number): void {
    this.replace(Math.max(this.fence, this.stack.length - count), TOP, 0)
  }

  /** Goes on behind a stream within this one; what it found is this one's. */
  adopt(inner: Machine): void {
    this.failing ??= inner.failing
    this.canonical &&= inner.canonical
    for (const array of inner.arrays) this.addArray(array)
    for (const range of inner.longPayloads) this.longPayloads.push(range)
    for (const range of inner.rawBehind) this.rawBehind.push(range)
    this.skipTo(inner.position)
  }

  /** Notes an array whose bytes stand in the source, as long as there is room. */
  addArray(array: ArrayMeta): void {
    if (this.arrays.length < MOST_ARRAYS) this.arrays.push(array)
  }

  /** Counts a use of a global. */
  use(number: number, position: Position): void {
    const key = number * 8 + positionNumber(position)
    this.uses.set(key, (this.uses.get(key) ?? 0) + 1)
  }

  /** Notes an anomaly of the opcode that runs. */
  note(code: PickleAnomaly, message: string): void {
    const length = Math.max(1, this.position - this.offset)
    this.anomalies.add(code, message, { locus: `op ${this.count}`, offset: this.offset, length })
  }

  /** Says that the stream is not of the canonical form. */
  misform(code: PickleAnomaly, message: string): void {
    this.note(code, message)
    this.fail('the form of the stream', message)
  }

  /** Says that nothing is proved from here on, nor that unpicklers agree; the first reason stays. */
  fail(value: string, reason: string): void {
    this.canonical = false
    this.distrust(value, reason)
  }

  /** Says that nothing is proved from here on, though unpicklers agree on what the stream says. */
  distrust(value: string, reason: string): void {
    this.failing ??= { op: this.count, name: this.name, offset: this.offset, value, reason }
  }
}

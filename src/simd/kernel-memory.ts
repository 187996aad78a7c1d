/**
 * The memory that the kernels work in: one shared WebAssembly memory, one window of it a thread.
 *
 * A kernel reads and writes only its thread's window: first scratch space, into which a wrapper copies what does not
 * lie in the memory yet, then buffers that callers own. A buffer can be the target of `readSync` and the input of a
 * hash, so that the bytes of a tensor are never copied. Pages are only made real when they are touched.
 *
 * Guarantee: windows do not overlap; the memory only grows, so views stay valid for the life of the thread.
 */
import { Fault } from '../base/index.ts'

/** Bytes at the start that all threads share: constants of the module and the codebooks. */
const HEADER_BYTES = 128 * 1024
/** Scratch bytes of a window. */
export const SCRATCH_BYTES = 48 * 1024 * 1024
/** Bytes of a window. */
const WINDOW_BYTES = 64 * 1024 * 1024
const PAGE_BYTES = 65_536
/** Where the codebooks begin; the module's own constants lie below. */
export const CODEBOOK_ADDRESS = 65_536
/** Windows that fit below 4 GiB. */
export const MAX_WINDOWS = 63

/** What another thread needs to join this memory. */
export interface WindowShare {
  readonly memory: WebAssembly.Memory
  readonly window: number
}

interface Window extends WindowShare {
  /** Address at which it begins. */
  readonly base: number
}

/** Every buffer that the memory has had: growing it makes a new one, and views of the old stay valid. */
const known = new WeakSet<ArrayBufferLike>()
let latest: ArrayBufferLike | undefined
let own: Window | undefined
const freeWindows: number[] = []
let windows = 1

function pagesFor(count: number): number {
  return (HEADER_BYTES + count * WINDOW_BYTES) / PAGE_BYTES
}

function openWindow({ memory, window }: WindowShare): Window {
  return { memory, window, base: HEADER_BYTES + window * WINDOW_BYTES }
}

function makeMemory(): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pagesFor(1), maximum: 65_536, shared: true })
  } catch (error) {
    throw new Fault('kernel-memory', 'no address space for 64 MiB of kernel memory (4 GiB reserved)', { cause: error })
  }
}

/** This thread's window; made on first use. @throws Fault `kernel-memory` when the address space is too small */
export function ownWindow(): Window {
  own ??= openWindow({ memory: makeMemory(), window: 0 })
  return own
}

/** Takes the window that another thread shared. Only before the first use of a kernel in this thread. */
export function joinWindow(share: WindowShare): void {
  if (own !== undefined) throw new Fault('kernel-memory', 'this thread has a window already')
  own = openWindow(share)
}

/** Makes a window for another thread. @throws Fault `kernel-memory` beyond {@link MAX_WINDOWS} or without memory */
export function shareWindow(): WindowShare {
  const { memory } = ownWindow()
  const free = freeWindows.pop()
  if (free !== undefined) return { memory, window: free }
  if (windows >= MAX_WINDOWS) throw new Fault('kernel-memory', `${windows} windows are taken; there are no more`)
  try {
    memory.grow(WINDOW_BYTES / PAGE_BYTES)
  } catch (error) {
    throw new Fault('kernel-memory', `the kernel memory cannot grow to ${windows + 1} windows`, { cause: error })
  }
  return { memory, window: windows++ }
}

/** Arenas in use: first window and how many. */
const arenas = new Map<number, number>()

/**
 * Memory for kernels beyond what a window has: whole windows in a row, 64 MiB each, content undefined at first use and
 * whatever was left there later. Pages are only made real when they are touched. For tables that are searched often.
 *
 * @throws Fault `kernel-memory` when no so many windows in a row are left
 */
export function newKernelArena(length: number): Uint8Array {
  const count = Math.max(1, Math.ceil(length / WINDOW_BYTES))
  const first = takeFreeRun(count) ?? growRun(count)
  const base = HEADER_BYTES + first * WINDOW_BYTES
  arenas.set(base, count)
  return bytesAt(base, length)
}

/** Windows in a row among those that were given back. */
function takeFreeRun(count: number): number | undefined {
  const first = freeWindows.find((window) =>
    Array.from({ length: count }, (_, i) => window + i).every((each) => freeWindows.includes(each)),
  )
  if (first === undefined) return undefined
  for (let window = first; window < first + count; window++) freeWindows.splice(freeWindows.indexOf(window), 1)
  return first
}

function growRun(count: number): number {
  const { memory } = ownWindow()
  if (windows + count > MAX_WINDOWS)
    throw new Fault('kernel-memory', `an arena of ${count} windows; ${MAX_WINDOWS - windows} are left`)
  try {
    memory.grow((count * WINDOW_BYTES) / PAGE_BYTES)
  } catch (error) {
    throw new Fault('kernel-memory', `the kernel memory cannot grow by ${count} windows`, { cause: error })
  }
  windows += count
  return windows - count
}

/** Gives an arena back. It must not be used after. @throws Fault `kernel-memory` when it is no arena in use */
export function releaseKernelArena(arena: Uint8Array): void {
  const count = arenas.get(arena.byteOffset)
  if (count === undefined) throw new Fault('kernel-memory', `no arena in use begins at ${arena.byteOffset}`)
  arenas.delete(arena.byteOffset)
  const first = (arena.byteOffset - HEADER_BYTES) / WINDOW_BYTES
  for (let i = 0; i < count; i++) freeWindows.push(first + i)
}

/** Takes back the window of a thread that has ended. */
export function releaseWindow(window: number): void {
  freeWindows.push(window)
}

/** The memory as it is now. */
function currentBuffer(): ArrayBufferLike {
  const { buffer } = ownWindow().memory
  if (buffer !== latest) known.add(buffer)
  latest = buffer
  return buffer
}

/** Bytes of the memory from `address`. */
export function bytesAt(address: number, length: number): Uint8Array {
  return new Uint8Array(currentBuffer(), address, length)
}

/** The typed arrays that kernels take. */
export type KernelView = Uint8Array | Uint16Array | Uint32Array | Float32Array

/** `length` f32 in the memory from `address`, a multiple of 4. */
export function floatsAt(address: number, length: number): Float32Array {
  return new Float32Array(currentBuffer(), address, length)
}

/** `length` 16-bit codes in the memory from `address`, a multiple of 2. */
export function codesAt(address: number, length: number): Uint16Array {
  return new Uint16Array(currentBuffer(), address, length)
}

/** `length` 32-bit words in the memory from `address`, a multiple of 4. */
export function wordsAt(address: number, length: number): Uint32Array {
  return new Uint32Array(currentBuffer(), address, length)
}

/** `length` f64 in the memory from `address`, a multiple of 8. */
export function doublesAt(address: number, length: number): Float64Array {
  return new Float64Array(currentBuffer(), address, length)
}

/** Address of scratch space: `offset` bytes into this thread's, which has {@link SCRATCH_BYTES}. */
export function scratchAt(offset: number): number {
  return ownWindow().base + offset
}

/** Address of a view that lies in the kernel memory, else undefined. */
export function addressOf(view: ArrayBufferView): number | undefined {
  return known.has(view.buffer) ? view.byteOffset : undefined
}

/** Copies a view to `address`. Like is copied to like, which the engine does fastest. */
export function copyTo(address: number, view: KernelView): void {
  if (view instanceof Float32Array) floatsAt(address, view.length).set(view)
  else if (view instanceof Uint32Array) wordsAt(address, view.length).set(view)
  else if (view instanceof Uint16Array) codesAt(address, view.length).set(view)
  else bytesAt(address, view.length).set(view)
}

/** Where the values of a view are: their own place in the kernel memory, else a copy in scratch space at `offset`. */
export function placeAt(view: KernelView, offset: number): number {
  const placed = addressOf(view)
  if (placed !== undefined) return placed
  const address = scratchAt(offset)
  copyTo(address, view)
  return address
}

/** Buffers that are in use, by address: [from, to). */
const used: (readonly [from: number, to: number])[] = []

/** The lowest address with so many free bytes behind it. */
function findRoom(size: number): number {
  const { base } = ownWindow()
  let from = base + SCRATCH_BYTES
  for (const [taken, end] of used) {
    if (taken - from >= size) return from
    from = end
  }
  const room = base + WINDOW_BYTES - from
  if (size > room) throw new Fault('kernel-memory', `${size} bytes do not fit into the ${room} that are left`)
  return from
}

/**
 * A buffer in the kernel memory of this thread, 64-byte aligned, its content undefined; kernels use it without copying.
 * The buffers of one thread hold at most 16 MiB together.
 *
 * @throws Fault `kernel-memory` when there is no room
 */
export function newKernelBuffer(length: number): Uint8Array {
  const size = Math.max(64, Math.ceil(length / 64) * 64)
  const from = findRoom(size)
  const after = used.findIndex(([taken]) => taken > from)
  used.splice(after < 0 ? used.length : after, 0, [from, from + size])
  return bytesAt(from, length)
}

/** Gives a buffer back. It must not be used after. @throws Fault `kernel-memory` when it is no buffer in use */
export function releaseKernelBuffer(buffer: Uint8Array): void {
  const at = used.findIndex(([from]) => from === buffer.byteOffset)
  if (at < 0 || addressOf(buffer) === undefined)
    throw new Fault('kernel-memory', `no kernel buffer in use begins at ${buffer.byteOffset}`)
  used.splice(at, 1)
}

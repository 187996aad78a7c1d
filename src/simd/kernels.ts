/**
 * Loads the compiled kernels: once a thread, when one is first used.
 *
 * The module is a few kilobytes and compiled synchronously; all threads run the same module over the same memory, each
 * in its own window (`kernel-memory.ts`).
 */
import { readFileSync } from 'node:fs'
import { CODEBOOK_NAMES, unpackCodebook, type CodebookName } from './codebooks.ts'
import { bytesAt, CODEBOOK_ADDRESS, joinWindow, ownWindow, shareWindow, type WindowShare } from './kernel-memory.ts'

/** Decodes `count` blocks or elements from `source` to f32 at `target`; all are addresses. */
export type DecodeKernel = (source: number, count: number, target: number, codebook: number) => void

type SketchKernel = (
  source: number,
  blocks: number,
  firstBlock: number,
  mixedSeed: number,
  segments: number,
  sums: number,
  scale: number,
  smallest: number,
) => void

/** What `kernels.wasm` exports beside the decoders; the meaning of the arguments stands in the sources. */
export interface Kernels {
  canonicalOfBf16(source: number, count: number, target: number): void
  canonicalOfF16(source: number, count: number, target: number): void
  canonicalOfF32(source: number, count: number, target: number): void
  differences(a: number, b: number, count: number, target: number): number
  readonly sketchF32: SketchKernel
  readonly sketchBf16: SketchKernel
  histogram16(source: number, count: number, tables: number): void
  dotF32(a: number, b: number, count: number): number
  dotF64(a: number, b: number, count: number): number
  squaredNorms(source: number, rows: number, dimension: number, target: number): void
  hammingDistance(a: number, b: number, words: number): number
  hammingDistances(query: number, source: number, rows: number, words: number, target: number): void
  nearestByHamming(query: number, source: number, rows: number, words: number, first: number, best: number): void
  signBits(source: number, rows: number, dimension: number, target: number): void
  inverseNorms(source: number, rows: number, dimension: number, target: number): void
  packUnitRows(source: number, rows: number, dimension: number, inverses: number, width: number, target: number): void
  keepNearest(cosine: number, rows: number, inverses: number, first: number, absolute: boolean, best: number): void
  packRows(source: number, rows: number, steps: number, width: number, target: number): void
  packColumns(source: number, columns: number, steps: number, width: number, target: number): void
  multiplyPacked(a: number, m: number, b: number, h: number, steps: number, sums: number): void
  /** Decoders by name, `decodeQ4_0` and so on. */
  readonly [decoder: `decode${string}`]: DecodeKernel
}

/** What a thread needs to run the same kernels over the same memory. */
export interface KernelShare extends WindowShare {
  readonly module: WebAssembly.Module
}

let module: WebAssembly.Module | undefined
let loaded: Kernels | undefined

function compiledModule(): WebAssembly.Module {
  module ??= new WebAssembly.Module(readFileSync(new URL('./kernels.wasm', import.meta.url)))
  return module
}

/** The kernels of this thread. @throws Fault `kernel-memory` */
export function loadKernels(): Kernels {
  if (loaded !== undefined) return loaded
  const { memory } = ownWindow()
  const { exports } = new WebAssembly.Instance(compiledModule(), { env: { memory } })
  loaded = exports as unknown as Kernels
  return loaded
}

/** Makes a window for another thread, which hands it to {@link joinKernels}. @throws Fault `kernel-memory` */
export function shareKernels(): KernelShare {
  return { ...shareWindow(), module: compiledModule() }
}

/** Takes the kernels and the window that another thread shared; before the first use of a kernel in this thread. */
export function joinKernels(share: KernelShare): void {
  module = share.module
  joinWindow(share)
}

const codebookAddresses = new Map<CodebookName, number>()

/** Address of an unpacked codebook; every thread writes the same bytes there before it uses them. */
export function codebookAddress(name: CodebookName): number {
  if (codebookAddresses.size === 0) placeCodebooks()
  return codebookAddresses.get(name) as number
}

function placeCodebooks(): void {
  let address = CODEBOOK_ADDRESS
  for (const name of CODEBOOK_NAMES) {
    const points = unpackCodebook(name)
    bytesAt(address, points.length).set(new Uint8Array(points.buffer))
    codebookAddresses.set(name, address)
    address += points.length
  }
}

/**
 * The part of WebAssembly's JavaScript interface that our kernels use.
 *
 * TypeScript declares it in `lib.dom`, which would also let `document`, `name` and `event` pass as global variables;
 * `@types/node` does not declare it.
 */
declare namespace WebAssembly {
  interface MemoryDescriptor {
    /** Pages of 64 KiB. */
    readonly initial: number
    readonly maximum?: number
    readonly shared?: boolean
  }

  class Memory {
    constructor(descriptor: MemoryDescriptor)
    readonly buffer: ArrayBuffer | SharedArrayBuffer
    /** @returns pages before */
    grow(pages: number): number
  }

  class Module {
    constructor(bytes: ArrayBufferView | ArrayBufferLike)
    static exports(module: Module): { readonly name: string; readonly kind: string }[]
  }

  class Instance {
    constructor(module: Module, imports?: Readonly<Record<string, Readonly<Record<string, unknown>>>>)
    readonly exports: Readonly<Record<string, unknown>>
  }

  class CompileError extends Error {}
  class LinkError extends Error {}
  class RuntimeError extends Error {}
}

/** The outcome of running a declared transform again, as data; see `rederive.ts`. */

/** The transforms that can be run again. */
export const TRANSFORMS = ['cast', 'gguf', 'lora', 'merge'] as const
/** See {@link TRANSFORMS}. */
export type Transform = (typeof TRANSFORMS)[number]

/** One tensor of the child, or one part of a fused one. */
export interface RederivedTensor {
  readonly name: string
  readonly type: string
  readonly elements: number
  readonly outcome: 'equal' | 'different' | 'unexplained'
  /** Elements that come out otherwise; of quantised types counted after decoding. */
  readonly different: number
  /** Largest distance between two elements. */
  readonly furthest: number
  /** Values that storing changed: what cannot come back from the child. */
  readonly rounded: number
  /** Digest of its bytes in the child, and of those that came out; null when nothing did. */
  readonly sha256: string | null
  readonly derived: string | null
}

/** See the module. */
export interface Rederivation {
  readonly schema: 'tidewaiter/rederivation/v1'
  readonly outcome: 're-derived' | 'not-re-derived'
  readonly transform: Transform
  /** The order of operations that came closest. */
  readonly order: string
  /** What was declared: scale, weights, method. */
  readonly parameters: Readonly<Record<string, string>>
  /** Artefact ids, in the order of the transform. */
  readonly parents: readonly string[]
  readonly child: string
  readonly tensors: readonly RederivedTensor[]
  /** True when the child came out whole and storing it lost something: then it cannot be the parent. */
  readonly isDirected: boolean
  readonly reasons: readonly string[]
}

/**
 * Comparisons that take hours, cut into steps.
 *
 * Between two steps the state is plain JSON: it can be kept, and the work gone on with by another process on another
 * machine, with the same result to the bit.
 */
import type { Json } from '../../base/index.ts'
import type { ModelSide } from '../compare.ts'
import type { Comparison } from '../weights/comparison.ts'

/** How far the work is. */
export interface DeepProgress {
  readonly done: number
  readonly total: number
  /** What is done next, in words. */
  readonly note: string
}

/** Work that was begun, over two open models. */
export interface DeepWork {
  /** How far it is now. */
  progress(): DeepProgress
  /** State now, from which {@link DeepInspection.open} goes on. */
  state(): Json
  /** Does the next step; gives the comparison when it was the last. @throws Fault `changed-while-read` */
  advance(): Promise<Comparison | undefined>
  /** Closes the weights. */
  close(): void
}

/** A kind of deep inspection. */
export interface DeepInspection {
  /** Name and version: state of another kind is of no use. */
  readonly kind: string
  /** Begins, or goes on from the state of this kind that was kept. */
  open(a: ModelSide, b: ModelSide, kept: Json | null): DeepWork
}

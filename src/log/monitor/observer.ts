/**
 * Who looks at the leaves while a monitor follows a log.
 *
 * The log knows nothing of what its leaves mean; whoever does (the docket chain, the status list, the index) computes it
 * again from the leaves alone and says where the log claims something else.
 */
import type { Checkpoint } from '../../certificate/index.ts'

/** A leaf that is proven to be in the log. */
export interface ObservedLeaf {
  readonly index: number
  readonly data: Uint8Array
  readonly leafHash: Uint8Array
}

/** What an observer finds wrong. */
export interface Finding {
  /** The observer's own word for it; told with the message. */
  readonly code?: string
  readonly message: string
  readonly index?: number
}

/** See the module. Leaves come in order, each once. */
export interface LeafObserver {
  readonly name: string
  observe(leaf: ObservedLeaf): readonly Finding[]
  /** Called when all leaves of a checkpoint have been observed. */
  settle?(checkpoint: Checkpoint): readonly Finding[]
  /** What it needs to go on from here; given back to whoever makes it again. */
  save(): string
}

/**
 * A change: something that was done to the weights of one of the two models, with its evidence in the words.
 */
import type { SignName } from '../direction/sign.ts'

/** See the module. */
export interface Change {
  /** As it is printed: `quantised to q4_0`. */
  readonly text: string
  /** The model to which it was done, when the change shows that: the child. */
  readonly child: 'a' | 'b' | null
  /** The sign of direction that it is; one of structure when left out. */
  readonly sign?: SignName
}

/**
 * A change: something that was done to the weights of one of the two models, with its evidence in the words.
 */

/** See the module. */
export interface Change {
  /** As it is printed: `quantised to q4_0`. */
  readonly text: string
  /** The model to which it was done, when the change shows that: the child. */
  readonly child: 'a' | 'b' | null
}

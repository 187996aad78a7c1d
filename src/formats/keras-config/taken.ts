/**
 * What is kept of a value of a configuration after it was walked.
 */

/** A text; an object's decisive members; nothing of anything else. */
export interface Taken {
  /** The text, or that which stands first in a list. */
  readonly text?: string | undefined
  readonly members?: ReadonlyMap<string, Taken>
}

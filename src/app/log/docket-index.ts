/**
 * By which keys the leaves of dockets are found in the verifiable index.
 *
 * `model:` and `family:` lead to all that was said, `number:` to a certificate and what was done to it, `station:` to what
 * a key has said, `appeal:` to an appeal and its outcome.
 */
import { isFault } from '../../base/index.ts'
import { isRegisterLeaf, readRegisterLeaf } from '../../certificate/index.ts'
import type { IndexReading } from '../../log/index.ts'

/** The keys of a leaf; none for a leaf that is no link of a docket. */
export const docketIndex: IndexReading = {
  keysOf: ({ data }) => {
    if (!isRegisterLeaf(data)) return []
    try {
      const { modelId, familyId, toFamily, number, issuer, action, entry, target } = readRegisterLeaf(data)
      const appeal = action === 'appeal' ? entry : action === 'outcome' ? target : undefined
      return [
        `model:${modelId}`,
        `family:${familyId}`,
        ...(toFamily === undefined ? [] : [`family:${toFamily}`]),
        ...(number === undefined ? [] : [`number:${number}`]),
        `station:${issuer}`,
        ...(appeal === undefined ? [] : [`appeal:${appeal}`]),
      ]
    } catch (thrown) {
      if (isFault(thrown)) return []
      throw thrown
    }
  },
  // No leaf publishes a root yet: the index is computed on, and its root told, for others to compare.
  rootOf: () => undefined,
  waiting: 0,
}

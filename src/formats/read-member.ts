/**
 * Files within files: how a reader has a member read, and where its facts go.
 *
 * The facts of all members, and of their members, are kept in one list in the order in which they were read. A member
 * that lies in its container as it is keeps a place in the file of the artefact, so that its tensors can be read there;
 * the tensors of one that was unpacked are marked as packed.
 *
 * Guarantee: members share the budget of the file; their number and their nesting are bounded.
 */
import type { ByteSource } from './byte-source.ts'
import type { FileFacts, TensorFact } from './facts.ts'
import type { Member } from './reader.ts'

/** What is being read: a file of the artefact, or something within it. */
export interface Place {
  readonly path: string
  readonly source: ByteSource
  /** How many containers it lies in. */
  readonly depth: number
  /** Path of the file of the artefact. */
  readonly outermost: string
  /** Offset of its first byte in that file; undefined when it was unpacked on the way. */
  readonly base: number | undefined
}

/** Where a member of `place` is. */
export function placeMember(place: Place, { name, source, at }: Member): Place {
  const { path, depth, outermost, base } = place
  return {
    path: `${path}!/${name.toWellFormed()}`,
    source,
    depth: depth + 1,
    outermost,
    base: base === undefined || at === undefined ? undefined : base + at,
  }
}

function placeTensor(tensor: TensorFact, { path, outermost, base }: Place): TensorFact {
  if (tensor.file !== path) return tensor
  if (base === undefined) return { ...tensor, packed: tensor.packed ?? 'compressed' }
  return { ...tensor, file: outermost, offset: base + tensor.offset }
}

/** The facts of a member as they stand in the facts of the artefact. */
export function placeFacts(facts: FileFacts, place: Place): FileFacts {
  const tensors = facts.tensors.map((tensor) => placeTensor(tensor, place))
  return { ...facts, container: place.outermost, tensors }
}

/** What intake noted about names and entries, as observations. */
import type { IntakeProblemKind } from '../../artefact/index.ts'
import type { Observation, Subject } from '../rule.ts'

/** Observations for the given kinds of problems; a problem of an entry that was left out stands under its own name. */
export function observeIntake({ artefact }: Subject, kinds: readonly IntakeProblemKind[]): readonly Observation[] {
  return artefact.problems
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ kind, path, message, excluded }) => ({
      path,
      locus: `entry (${kind})`,
      message: excluded ? `${message}; the entry was left out` : message,
    }))
}

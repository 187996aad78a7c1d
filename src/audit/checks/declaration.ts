/** The files that are there against the files that were declared. */
import type { Observation, Subject } from '../rule.ts'

/** One observation for each declared file that is not there and each file that was not declared. */
export function observeMissing({ artefact, options: { declared } }: Subject): readonly Observation[] {
  if (declared === undefined) return []
  const present = new Set(artefact.files.map(({ path }) => path))
  const announced = new Set(declared)
  const missing = [...announced].filter((path) => !present.has(path))
  const extra = [...present].filter((path) => !announced.has(path))
  return [
    ...missing.map((path) => ({ path, locus: 'declaration', message: 'declared, and not among the files' })),
    ...extra.map((path) => ({ path, locus: 'declaration', message: 'among the files, and not declared' })),
  ]
}

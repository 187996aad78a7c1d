/** The facts must be about the bytes that came in. */
import type { Observation, Subject } from '../rule.ts'

/** Files whose size in the facts is not the size that intake measured, unless the reader noted it already. */
export function observeSizes({ artefact, facts }: Subject): readonly Observation[] {
  const taken = new Map(artefact.files.map(({ path, size }) => [path, size]))
  return facts.files.flatMap(({ path, size, anomalies }) => {
    const expected = taken.get(path)
    const noted = anomalies.some(({ code }) => code === 'changed-while-read')
    if (expected === undefined || expected === size || noted) return []
    return [{ path, locus: 'size', message: `${expected} bytes came in and ${size} were there to be read` }]
  })
}

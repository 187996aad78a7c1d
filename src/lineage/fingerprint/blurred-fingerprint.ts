/**
 * What a fingerprint says of units that cannot be told apart and of numbers that cannot be measured.
 */
import { blurredNote, countDistinct, LEAST_DISTINCT } from '../weights/blurred-units.ts'
import type { Fingerprint } from './fingerprint.ts'

/** The sentence on the units of a kit whose signs are those of others; see `blurred-units.ts`. */
export function blurredKit(name: string, layers: readonly { readonly rows: Float32Array }[], units: number): string[] {
  const distinct = layers.reduce((sum, { rows }) => sum + countDistinct(rows, rows.length / units, false), 0)
  return blurredNote(name, { distinct, units: layers.length * units })
}

/** The sentence on a model of whose matrices most have no size that can be measured. */
export function unmeasuredNote({ records }: Fingerprint, name: string): string[] {
  const matrices = records.filter(({ rows, columns, role }) => rows > 1 && columns > 1 && role !== 'other')
  const measured = matrices.filter(({ rms }) => rms > 0)
  if (measured.length >= LEAST_DISTINCT * matrices.length) return []
  const few = `${matrices.length - measured.length} of ${matrices.length} matrices of ${name}`
  return [`${few} hold numbers that are not finite, vanishing or huge; their signs say little.`]
}

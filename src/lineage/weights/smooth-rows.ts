/**
 * Tables of positions that were taken for something learned.
 *
 * Where roles are guessed from shapes, a table of sines may pass for one of tokens or for an MLP, and unrelated models
 * hold the same one; then neither equality nor the fixed-point test means anything. Neighbouring positions are nearly
 * alike, neighbouring tokens and units are not: a guessed matrix whose neighbouring rows correlate is given no role.
 * Learned tables of positions go the same way, which costs power and not validity.
 */
import { findTensorLayout } from '../../simd/index.ts'
import type { Part } from './part.ts'
import type { RoleModel } from './roles.ts'
import { draw, PUBLIC_SEED } from './sampling.ts'
import type { Weights } from './weights.ts'

/** Neighbouring rows that are looked at. */
const PAIRS = 32
/** Mean correlation of neighbouring rows from which a matrix counts as a table of positions. */
const SMOOTH = 0.7

function correlation(x: Float32Array, y: Float32Array, mean: Float64Array): number {
  let [xx, yy, xy] = [0, 0, 0]
  for (const [i, value] of mean.entries()) {
    const u = (x[i] ?? 0) - value
    const v = (y[i] ?? 0) - value
    xx += u * u
    yy += v * v
    xy += u * v
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 1
}

/** True when in the mean each row is nearly the one before it, after subtracting the mean of the drawn rows. */
function isSmooth({ rows }: Pick<Weights, 'rows'>, part: Part): boolean {
  if (part.rows < PAIRS || part.columns % (findTensorLayout(part.tensor.type)?.blockElements ?? 1) !== 0) return false
  const firsts = draw(PUBLIC_SEED, 'neighbouring rows', { size: part.rows - 1, count: PAIRS })
  const pairs = Array.from(firsts, (row) => [rows(part, row, 1), rows(part, row + 1, 1)] as const)
  const mean = new Float64Array(part.columns)
  for (const [x] of pairs) for (const [i, value] of x.entries()) mean[i] = (mean[i] ?? 0) + value / pairs.length
  const total = pairs.reduce((sum, [x, y]) => sum + correlation(x, y, mean), 0)
  return total > SMOOTH * pairs.length
}

/** A model whose roles were guessed, without the guesses that fell on tables of positions. */
export function withoutFormulas(model: RoleModel, source: Pick<Weights, 'rows'>): RoleModel {
  if (model.family !== 'generic') return model
  const parts = model.parts.map((part): Part => {
    if (part.role === 'other' || !isSmooth(source, part)) return part
    return { ...part, role: 'other', bias: false, stack: '', layer: -1, expert: -1 }
  })
  return { ...model, parts }
}

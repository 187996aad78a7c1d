/**
 * Builds the exhibit of two models whose labels were scrambled: which unit, head and direction of B is which of A.
 *
 * Every unit of every layer that agrees is matched, whatever that costs; see `exhibit.ts` for what is written down.
 */
import { sha256 } from '../../base/index.ts'
import { pairSeed } from '../weights/sampling.ts'
import type { Part } from '../weights/part.ts'
import { testableMlps } from '../weights/mlp.ts'
import type { Weights } from '../weights/weights.ts'
import { alignModels, type Alignment } from './align-models.ts'
import { measureMatrix, turnRows, type ExhibitSides } from './check-exhibit.ts'
import type { Concordance } from './concordance.ts'
import type { Exhibit, ExhibitHeads, ExhibitLayer, ExhibitMatrix, ExhibitRole } from './exhibit.ts'
import { findMatrix, findNorm, readMatrix, toExhibitPart } from './exhibit-parts.ts'
import type { Matrix } from './frame.ts'
import { matchHeads } from './head-reconstruction.ts'

/** How to build one. */
export interface ExhibitOptions {
  /** Hex digest by which coordinates and tokens are drawn; that of both identities when left out. */
  readonly seed?: string
  readonly signal?: AbortSignal
}

function identity(side: number): Matrix {
  const values = new Float32Array(side * side)
  for (let i = 0; i < side; i++) values[i * side + i] = 1
  return { rows: side, columns: side, values }
}

function transpose({ rows, columns, values }: Matrix): Matrix {
  const out = new Float32Array(values.length)
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = values[i * columns + j] ?? 0
  return { rows: columns, columns: rows, values: out }
}

/** The rotation from A to B. */
function rotationFrom({ rotation, left, matches }: Alignment): Matrix {
  if (rotation === null) return identity(matches[0]?.a.layer.length ?? 0)
  return left === 'a' ? rotation.rotation : transpose(rotation.rotation)
}

/** For each unit of B its unit of A, or −1. */
function unitsOfB({ a, b, agreed }: Concordance, left: 'a' | 'b'): number[] {
  const width = left === 'a' ? b.layer.width : a.layer.width
  const units = Array.from({ length: width }, () => -1)
  for (const [i, unit] of a.queries.entries()) {
    const other = agreed[i] ?? -1
    if (other < 0) continue
    if (left === 'a') units[other] = unit
    else units[unit] = other
  }
  return units
}

function matrixOf(
  sides: ExhibitSides,
  role: ExhibitRole,
  at: { a: number; b: number },
): Omit<ExhibitMatrix, 'residual'> | null {
  const [a, b] = [findMatrix(sides.a, role, at.a), findMatrix(sides.b, role, at.b)]
  if (a === undefined || b === undefined) return null
  const norm = (weights: Weights, layer: number): ExhibitMatrix['normA'] => {
    const part = findNorm(weights, role, layer)
    return part === undefined ? null : toExhibitPart(part)
  }
  return { role, a: toExhibitPart(a), b: toExhibitPart(b), normA: norm(sides.a, at.a), normB: norm(sides.b, at.b) }
}

function readTurned(sides: ExhibitSides, role: ExhibitRole, layer: number): Matrix | null {
  const matrix = readPlain(sides.a, role, layer)
  return matrix === null ? null : turnRows(matrix, sides.rotation)
}

function readPlain(weights: Weights, role: ExhibitRole, layer: number): Matrix | null {
  const part: Part | undefined = findMatrix(weights, role, layer)
  return part === undefined ? null : readMatrix(weights, { role, part, norm: findNorm(weights, role, layer) ?? null })
}

/** The factor by which each row of A comes nearest to its row of B. */
function scalesOf(a: Matrix | null, b: Matrix | null, units: readonly number[]): number[] {
  return units.map((unit, j) => {
    if (a === null || b === null || unit < 0) return 0
    let [dot, square] = [0, 0]
    for (let k = 0; k < a.columns; k++) {
      const value = a.values[unit * a.columns + k] ?? 0
      dot += value * (b.values[j * b.columns + k] ?? 0)
      square += value * value
    }
    return square > 0 ? dot / square : 0
  })
}

function headsOf(sides: ExhibitSides, at: { a: number; b: number }): ExhibitHeads | null {
  const { heads } = sides.b.model.architecture
  const [qa, ka, va] = (['q', 'k', 'v'] as const).map((role) => readTurned(sides, role, at.a))
  const [qb, kb, vb] = (['q', 'k', 'v'] as const).map((role) => readPlain(sides.b, role, at.b))
  if (heads === null || heads !== sides.a.model.architecture.heads) return null
  if (!qa || !ka || !va || !qb || !kb || !vb) return null
  return matchHeads({ a: { q: qa, k: ka, v: va }, b: { q: qb, k: kb, v: vb }, heads })
}

const MLP_ROLES = ['gate', 'up', 'down'] as const
const HEAD_ROLES = ['q', 'k', 'v', 'o'] as const

function layerOf(sides: ExhibitSides, match: Concordance, left: 'a' | 'b'): ExhibitLayer {
  const [ours, theirs] = [match.a.layer.layer, match.b.layer.layer]
  const at = left === 'a' ? { a: ours, b: theirs } : { a: theirs, b: ours }
  const units = unitsOfB(match, left)
  const scales = (role: 'up' | 'down'): number[] =>
    scalesOf(readTurned(sides, role, at.a), readPlain(sides.b, role, at.b), units)
  const heads = headsOf(sides, at)
  const layer = { ...at, units, up: scales('up'), down: scales('down'), heads, matrices: [] }
  const roles = [...MLP_ROLES, ...(heads === null ? [] : HEAD_ROLES)]
  return { ...layer, matrices: measureAll(sides, { roles, at, layer }) }
}

function measureAll(
  sides: ExhibitSides,
  of: { roles: readonly ExhibitRole[]; at: { a: number; b: number }; layer: ExhibitLayer | null },
): ExhibitMatrix[] {
  return of.roles.flatMap((role) => {
    const matrix = matrixOf(sides, role, of.at)
    if (matrix === null) return []
    const residual = measureMatrix(sides, matrix, of.layer)
    return residual === null ? [] : [{ ...matrix, residual }]
  })
}

/**
 * Builds the exhibit; null when no layers agree after alignment, or they agree as they stand.
 *
 * @throws Fault `cancelled`, `changed-while-read`
 */
export function buildExhibit(a: Weights, b: Weights, options: ExhibitOptions = {}): Exhibit | null {
  const [ours, theirs] = [a, b].map((weights) => ({ weights, mlps: testableMlps(weights.model) }))
  if (ours === undefined || theirs === undefined) return null
  const seed = options.seed ?? pairSeed(a.id, b.id)
  const { found } = alignModels(ours, theirs, { seed, signal: options.signal, known: 0, everyUnit: true })
  if (found === null) return null
  const rotation = rotationFrom(found)
  const sides = { a, b, rotation }
  const bytes = new Uint8Array(rotation.values.buffer)
  return {
    schema: 'tidewaiter/exhibit/v1',
    a: a.id,
    b: b.id,
    rotation: {
      rows: rotation.rows,
      columns: rotation.columns,
      values: Buffer.from(bytes).toString('base64'),
      digest: sha256(bytes),
      defect: found.rotation?.rotation.defect ?? 0,
    },
    layers: found.matches.map((match) => layerOf(sides, match, found.left)),
    matrices: measureAll(sides, { roles: ['embedding', 'head'], at: { a: -1, b: -1 }, layer: null }),
  }
}

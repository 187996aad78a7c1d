/**
 * The panel of default seeds: did this model begin from the random numbers that everybody's programs begin with?
 *
 * Two laboratories that write `torch.manual_seed(42)` and the same shapes begin from the same weights, and their
 * models are then kin in numbering without either having seen the other. So the token table of a model is held against
 * those that PyTorch's generator gives for the usual seeds, by the fixed-point test on residual dimensions. The panel
 * is fixed beforehand; if a model does not come from one of its members, its numbering is exchangeable given them.
 *
 * Covered: PyTorch on the CPU in f32; the table drawn first after seeding with any deviation (`normal_`, `nn.Embedding`),
 * or, for models of up to 2^24 parameters, as `transformers` draws Llama: once by the constructors of all modules, then
 * again by `normal_` in their order. Not covered: other generators (CUDA, JAX, Megatron's per-rank seeds), other orders.
 */
import { fixedDimensions } from '../weights/residual.ts'
import { MIN_WIDTH, type FixedPoints } from '../weights/fixed-point.ts'
import { partSize, type Part } from '../weights/part.ts'
import { draw } from '../weights/sampling.ts'
import { readUnits, residualDimensions } from '../weights/unit-matrix.ts'
import type { Weights } from '../weights/weights.ts'
import { createMt19937, type Mt19937 } from './mt19937.ts'
import { drawNormal, normalDraws } from './torch-random.ts'

/** The seeds of tutorials and examples. */
const DEFAULT_SEEDS = [0, 1, 42, 1234, 3407] as const

const ORDERS = ['drawn first', 'drawn after the constructors'] as const
/** Tests of one model: all pay for one another. */
const TESTS = DEFAULT_SEEDS.length * ORDERS.length
/** Values of the table that are drawn at most, and draws that are passed over at most. */
const MOST_VALUES = 1 << 19
const MOST_DRAWS = 1 << 24
const MOST_TOKENS = 1024
const LEAST_TOKENS = 64
const DIMENSIONS = 256
/** The largest bound, after paying for all members, at which a model counts as begun from one. */
const MEMBER_LOG10 = -6

/** A member of the panel that a model began from. */
export interface SeedMatch {
  readonly seed: number
  readonly order: (typeof ORDERS)[number]
  readonly points: FixedPoints
  /** After paying for all members. */
  readonly log10p: number
}

/** Draws that the constructors of all matrices spend; null when there are too many to pass over. */
function constructorDraws({ model }: Weights): number | null {
  const matrices = model.parts.filter(({ bias, rows, role }) => !bias && rows > 1 && role !== 'other')
  const draws = matrices.reduce(
    (sum, part) => sum + (part.role === 'embedding' ? normalDraws(partSize(part)) : partSize(part)),
    0,
  )
  return draws <= MOST_DRAWS ? draws : null
}

/** The drawn dimensions of the table that a generator gives, as dimensions × tokens. */
function drawTable(
  source: Mt19937,
  table: Part,
  at: { readonly dimensions: Uint32Array; readonly tokens: number },
): Float32Array {
  const values = drawNormal(source, partSize(table), at.tokens * table.columns)
  const out = new Float32Array(at.dimensions.length * at.tokens)
  for (const [i, dimension] of at.dimensions.entries())
    for (let token = 0; token < at.tokens; token++)
      out[i * at.tokens + token] = values[token * table.columns + dimension] ?? 0
  return out
}

function tableOf({ model }: Weights): Part | undefined {
  return model.parts.find(
    ({ role, bias, transposed, rows }) => role === 'embedding' && !bias && !transposed && rows > 1,
  )
}

/** Holds a model against the panel: the member it began from, or null. */
export function matchSeedPanel(weights: Weights, seed: string): SeedMatch | null {
  const table = tableOf(weights)
  if (table === undefined || table.columns < MIN_WIDTH) return null
  const tokens = Math.min(table.rows, MOST_TOKENS, Math.floor(MOST_VALUES / table.columns))
  if (tokens < LEAST_TOKENS) return null
  const dimensions = draw(seed, 'dimensions of the panel', { size: table.columns, count: DIMENSIONS })
  const coordinates = Uint32Array.from({ length: tokens }, (_, i) => i)
  const ours = readUnits(weights, residualDimensions(table), { units: dimensions, coordinates })
  const skipped = constructorDraws(weights)
  const matches = DEFAULT_SEEDS.flatMap((member) =>
    ORDERS.flatMap((order) => {
      if (order !== ORDERS[0] && skipped === null) return []
      const source = createMt19937(member)
      if (order !== ORDERS[0]) source.skip(skipped ?? 0)
      const theirs = drawTable(source, table, { dimensions, tokens })
      const points = fixedDimensions(ours, theirs, { dimensions, coordinates: tokens })
      return [{ seed: member, order, points, log10p: Math.min(0, points.log10p + Math.log10(TESTS)) }]
    }),
  )
  const best = matches.reduce((least, match) => (match.log10p < least.log10p ? match : least))
  return best.log10p <= MEMBER_LOG10 ? best : null
}

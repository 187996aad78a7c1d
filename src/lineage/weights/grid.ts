/**
 * The grid of a quantised tensor of a graph: stored integer minus zero, times scale.
 *
 * Graphs keep integers, scales and zeros as tensors of their own. One scale for all changes no direction and may be
 * missing; one for each row or column does change the vectors of units that lie across it.
 *
 * Guarantee: pure; a scale or zero whose shape fits no axis is not applied, and the part is then read as it is stored.
 */
import type { FileFacts, TensorFact, WeightUse } from '../../formats/index.ts'
import { findTensorLayout, tensorElements } from '../../simd/index.ts'

/** See the module. */
export interface Grid {
  readonly scale?: { readonly tensor: TensorFact; readonly along: 'rows' | 'columns' | 'all' }
  /** A tensor of one element. */
  readonly zero?: TensorFact
}

/** What the graph of a file says of one of its tensors. */
export interface GraphWeight {
  readonly use: WeightUse
  readonly grid: Grid
}

function axisOf(tensor: TensorFact, scale: TensorFact): 'rows' | 'columns' | 'all' | undefined {
  const count = scale.shape.reduce((product, size) => product * size, 1)
  const [rows = 1, columns = 1] = tensor.shape
  if (count === 1) return 'all'
  if (count === columns && (scale.shape.at(-1) === columns || columns !== rows)) return 'columns'
  return count === rows ? 'rows' : undefined
}

function gridOf(tensor: TensorFact, { scale, zero }: WeightUse, byName: ReadonlyMap<string, TensorFact>): Grid {
  const found = scale === undefined ? undefined : byName.get(scale)
  const along = found === undefined || tensor.shape.length !== 2 ? undefined : axisOf(tensor, found)
  const nothing = zero === undefined ? undefined : byName.get(zero)
  const isOne = nothing?.shape.reduce((product, size) => product * size, 1) === 1
  return {
    ...(found === undefined || along === undefined || !isRead(found) ? {} : { scale: { tensor: found, along } }),
    ...(nothing !== undefined && isOne && isRead(nothing) ? { zero: nothing } : {}),
  }
}

function isRead({ type, length, packed, shape }: TensorFact): boolean {
  const elements = shape.reduce((product, size) => product * size, 1)
  return packed === undefined && findTensorLayout(type)?.decodable === true && tensorElements(type, length) === elements
}

/** What the graph of a file says of its tensors, by their names. */
export function readGraphWeights({ tensors, weightUses = [] }: FileFacts): ReadonlyMap<string, GraphWeight> {
  if (weightUses.length === 0) return new Map()
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  return new Map(
    weightUses.flatMap((use) => {
      const tensor = byName.get(use.tensor)
      return tensor === undefined ? [] : [[use.tensor, { use, grid: gridOf(tensor, use, byName) }] as const]
    }),
  )
}

/** The numbers of a grid. */
export interface GridValues {
  readonly zero: number
  /** One for each stored row or column, or one for all. */
  readonly scales: Float32Array
  readonly along: 'rows' | 'columns' | 'all'
}

/** Makes values of stored integers, in place: rows × columns, whose numbers within the tensor are given. */
export function applyGrid(
  values: Float32Array,
  { zero, scales, along }: GridValues,
  at: { readonly rows: ArrayLike<number>; readonly columns: ArrayLike<number> },
): void {
  const width = at.columns.length
  for (let row = 0; row < at.rows.length; row++)
    for (let column = 0; column < width; column++) {
      const place = along === 'rows' ? (at.rows[row] ?? 0) : along === 'columns' ? (at.columns[column] ?? 0) : 0
      const i = row * width + column
      values[i] = ((values[i] ?? 0) - zero) * (scales[place] ?? 1)
    }
}

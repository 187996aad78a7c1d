/**
 * A part: the piece of a stored tensor that plays one role.
 *
 * Most tensors are one part. A fused `gate_up_proj` is two, a stack of experts is one a expert. Everything after
 * canonicalisation speaks of parts and never of tensor names.
 */
import type { TensorFact } from '../../formats/index.ts'
import type { Role } from './families/family.ts'
import type { Grid } from './grid.ts'

/** See the module. A part is a run of whole stored rows of its tensor, so its bytes are contiguous. */
export interface Part {
  readonly role: Role
  /** The additive vector of the role instead of its matrix or gain. */
  readonly bias: boolean
  /** What stands before the layer number, `model.layers`; empty for tensors of no layer. */
  readonly stack: string
  /** Place of the layer in its stack, from 0; -1 for tensors of no layer. */
  readonly layer: number
  /** Number of the expert; -1 where there are none. */
  readonly expert: number
  readonly tensor: TensorFact
  /** First stored row, counting rows of the last dimension over all others. */
  readonly firstRow: number
  /** Stored rows and their length. A vector is one row. */
  readonly rows: number
  readonly columns: number
  /** Inputs are rows and outputs are columns (GPT-2's `Conv1D`). */
  readonly transposed: boolean
  /** Order of the rows of q and k within a head: two halves, as trained; or pairs interleaved, as llama.cpp keeps Llama. */
  readonly rope: 'half' | 'interleaved'
  /** How stored integers become values, where a graph says it; see `grid.ts`. */
  readonly grid?: Grid
}

/** Elements of a part. */
export function partSize(part: Part): number {
  return part.rows * part.columns
}

/** A key that is the same for the parts of two models that play the same role in the same place. */
export function partKey(part: Part, layer = part.layer): string {
  if (part.role === 'other') return `other/${part.tensor.name}/${part.firstRow}/${part.expert}`
  return `${layer}/${part.role}${part.bias ? '-bias' : ''}/${part.expert}`
}

/** For a person: `layer 3 gate`, `embedding`. */
export function describePart(part: Part): string {
  if (part.role === 'other') return part.tensor.name
  const role = part.bias ? `${part.role} bias` : part.role
  const expert = part.expert < 0 ? '' : ` of expert ${part.expert}`
  return part.layer < 0 ? role : `layer ${part.layer} ${role}${expert}`
}

/** Bytes of a part within its tensor. */
export function partRange(part: Part): { readonly from: number; readonly length: number } {
  const rows = part.tensor.shape.slice(0, -1).reduce((product, size) => product * size, 1)
  const size = part.tensor.length / Math.max(1, rows)
  return { from: part.firstRow * size, length: part.rows * size }
}

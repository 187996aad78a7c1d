/**
 * Rows of a part in the order in which models are trained.
 *
 * llama.cpp's converter interleaves the two halves of each head in q and k of Llama models. Two models in different
 * containers agree row by row only after that is undone: row 2i+s of a head in the file is row s·(n/2)+i as trained.
 *
 * Source: `LlamaModel.permute` in `convert_hf_to_gguf.py` of llama.cpp.
 */
import type { Part } from './part.ts'
import type { RoleModel } from './roles.ts'

/** Rows of a head of q or k; 0 when the number of heads is not known. */
export function headRows(model: RoleModel, part: Part): number {
  const { heads } = model.architecture
  const q = model.parts.find(({ role, layer, bias }) => role === 'q' && layer === part.layer && !bias)
  if (heads === null || q === undefined) return 0
  const size = q.tensor.shape.length > 1 ? q.rows / heads : 0
  return Number.isInteger(size) && size > 0 && size % 2 === 0 && part.rows % size === 0 ? size : 0
}

/**
 * Where a trained row stands in the file.
 *
 * @param size rows of a head, even
 * @example
 * interleavedRow(1, 4) // 2
 */
export function interleavedRow(row: number, size: number): number {
  const within = row % size
  const half = size / 2
  return row - within + (within % half) * 2 + Math.floor(within / half)
}

/** Rows as they stand. */
export function asStored(row: number): number {
  return row
}

/** Maps trained row numbers of a part to stored ones; null when that cannot be done. */
export function storedRow(model: RoleModel, part: Part): ((row: number) => number) | null {
  if (part.rope === 'half') return asStored
  const size = headRows(model, part)
  return size === 0 || part.bias ? null : (row) => interleavedRow(row, size)
}

/**
 * Takes fused tensors apart: q, k, v in one; gate and up in one; all experts in one.
 *
 * Only runs of whole stored rows become parts of their own, so that each part can be read and digested as one range of
 * bytes. What is fused in another way (GPT-2's columns, GPT-NeoX's head by head) stays one part `qkv`.
 */
import type { Role } from './families/family.ts'
import { partSize, type Part } from './part.ts'

function run(part: Part, role: Part['role'], at: { readonly from: number; readonly rows: number }): Part {
  return { ...part, role, firstRow: part.firstRow + at.from, rows: at.rows }
}

/**
 * Rows of q within a fused qkv. With one key and value head a query head the three are alike; with fewer, the model
 * width (the columns) is the rows of q in every known model that fuses them this way (Phi-3, timm).
 */
function splitQkv(part: Part): readonly Part[] {
  const q = part.columns
  const kv = (part.rows - q) / 2
  if (!Number.isInteger(kv) || kv <= 0) return [part]
  return [
    run(part, 'q', { from: 0, rows: q }),
    run(part, 'k', { from: q, rows: kv }),
    run(part, 'v', { from: q + kv, rows: kv }),
  ]
}

function splitGateUp(part: Part): readonly Part[] {
  const half = part.rows / 2
  if (!Number.isInteger(half)) return [part]
  return [run(part, 'gate', { from: 0, rows: half }), run(part, 'up', { from: half, rows: half })]
}

/** Experts stand along the first dimension of a tensor of three. */
function splitExperts(part: Part): readonly Part[] {
  const experts = part.tensor.shape[0] ?? 1
  const rows = part.rows / experts
  return Array.from({ length: experts }, (_, expert) => ({ ...part, expert, firstRow: expert * rows, rows }))
}

const MLP_ROLES: ReadonlySet<Role> = new Set(['gate', 'up', 'down'])
const MOST_EXPERTS = 4096
const SPLITTERS: Partial<Readonly<Record<Role, (part: Part) => readonly Part[]>>> = {
  qkv: splitQkv,
  'gate-up': splitGateUp,
}

/** The parts of a whole tensor. A tensor that is not fused comes back as it is. */
export function splitFused(part: Part, perHead: boolean): Part[] {
  if (part.bias || part.transposed || perHead) return [part]
  const { shape } = part.tensor
  if (MLP_ROLES.has(part.role) && shape.length === 3 && (shape[0] ?? 0) <= MOST_EXPERTS) return [...splitExperts(part)]
  const split = shape.length === 2 ? SPLITTERS[part.role] : undefined
  return split === undefined ? [part] : [...split(part)]
}

/**
 * Phi-3 in GGUF names keeps gate and up fused under the name of up: twice as many rows as down has columns.
 *
 * @param layer the parts of one layer
 */
export function splitDoubledUp(layer: readonly Part[]): Part[] {
  const down = layer.find(({ role, bias, expert }) => role === 'down' && !bias && expert < 1)
  const hasGate = layer.some(({ role, bias }) => role === 'gate' && !bias)
  return layer.flatMap((part) => {
    const doubled = part.role === 'up' && !part.bias && !hasGate && part.rows === 2 * (down?.columns ?? 0)
    return doubled && partSize(part) > 0 ? splitGateUp(part) : [part]
  })
}

/**
 * Optimisers of the zoo. None of them looks at the number of a unit, which is what the fixed-point test assumes.
 *
 * Sources: I. Loshchilov, F. Hutter, AdamW (2019); K. Jordan et al., Muon (2024), with its five-step Newton-Schulz
 * iteration; N. Shazeer, M. Stern, Adafactor (2018), without its relative step sizes.
 */
import { multiply } from '../../../simd/index.ts'

/** See the module. */
export const OPTIMISERS = ['adamw', 'sgd', 'muon', 'adafactor'] as const
/** See the module. */
export type OptimiserKind = (typeof OPTIMISERS)[number]

/** One tensor as an optimiser sees it. */
export interface Slot {
  readonly name: string
  readonly shape: readonly number[]
  /** Changed in place. */
  readonly values: Float32Array
}

/** A rule that turns gradients into changes; it keeps its own moments by name. */
export type Optimiser = (slot: Slot, grad: Float32Array, rate: number) => void

/** Weight decay of matrices, times the rate. */
const DECAY = 0.1

function decay({ shape, values }: Slot, rate: number): void {
  if (shape.length > 1) for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) * (1 - rate * DECAY)
}

function adamW(): Optimiser {
  const moments = new Map<string, { m: Float32Array; v: Float32Array; b1: number; b2: number }>()
  return (slot, grad, rate) => {
    const { values, name } = slot
    const fresh = { m: new Float32Array(grad.length), v: new Float32Array(grad.length), b1: 1, b2: 1 }
    const state = moments.get(name) ?? fresh
    moments.set(name, state)
    state.b1 *= 0.9
    state.b2 *= 0.98
    decay(slot, rate)
    for (let i = 0; i < grad.length; i++) {
      const g = grad[i] ?? 0
      const m = (state.m[i] = 0.9 * (state.m[i] ?? 0) + 0.1 * g)
      const v = (state.v[i] = 0.98 * (state.v[i] ?? 0) + 0.02 * g * g)
      values[i] = (values[i] ?? 0) - (rate * (m / (1 - state.b1))) / (Math.sqrt(v / (1 - state.b2)) + 1e-8)
    }
  }
}

/** Rates are given for AdamW; plain gradients need this many times more. */
const SGD_FACTOR = 300
/** Gradients of a tensor are shortened to this norm. */
const SGD_NORM = 0.05

function shortening(grad: Float32Array): number {
  const norm = Math.sqrt(grad.reduce((sum, value) => sum + value * value, 0))
  return norm > SGD_NORM ? SGD_NORM / norm : 1
}

function sgd(): Optimiser {
  const momenta = new Map<string, Float32Array>()
  return (slot, grad, rate) => {
    const momentum = momenta.get(slot.name) ?? new Float32Array(grad.length)
    momenta.set(slot.name, momentum)
    decay(slot, rate)
    const step = rate * (slot.shape.length > 1 ? SGD_FACTOR : SGD_FACTOR / 4)
    const factor = shortening(grad)
    for (let i = 0; i < grad.length; i++) {
      const m = (momentum[i] = 0.9 * (momentum[i] ?? 0) + factor * (grad[i] ?? 0))
      slot.values[i] = (slot.values[i] ?? 0) - step * m
    }
  }
}

/** A matrix with the same directions whose singular values are near 1. */
function orthogonalised(matrix: Float32Array, [rows = 1, columns = 1]: readonly number[]): Float32Array {
  const isWide = rows <= columns
  const side = Math.min(rows, columns)
  const norm = Math.sqrt(matrix.reduce((sum, value) => sum + value * value, 0)) + 1e-7
  let x: Float32Array = matrix.map((value) => value / norm)
  for (let round = 0; round < 5; round++) {
    const inner = Math.max(rows, columns)
    const gram = multiply(x, x, { rows: side, inner, columns: side, transposeA: !isWide, transposeB: isWide })
    const square = multiply(gram, gram, { rows: side, inner: side, columns: side })
    const mix = gram.map((value, i) => -4.775 * value + 2.0315 * (square[i] ?? 0))
    const moved = isWide
      ? multiply(mix, x, { rows, inner: rows, columns })
      : multiply(x, mix, { rows, inner: columns, columns })
    x = x.map((value, i) => 3.4445 * value + (moved[i] ?? 0))
  }
  return x
}

/** Muon moves hidden matrices by this many times the rate of AdamW, which takes the rest. */
const MUON_FACTOR = 4

function muon(): Optimiser {
  const rest = adamW()
  const momenta = new Map<string, Float32Array>()
  return (slot, grad, rate) => {
    if (slot.shape.length < 2 || !slot.name.includes('layers')) {
      rest(slot, grad, rate)
      return
    }
    const momentum = momenta.get(slot.name) ?? new Float32Array(grad.length)
    momenta.set(slot.name, momentum)
    for (let i = 0; i < grad.length; i++) momentum[i] = 0.95 * (momentum[i] ?? 0) + (grad[i] ?? 0)
    const direction = orthogonalised(
      momentum.map((m, i) => 0.95 * m + (grad[i] ?? 0)),
      slot.shape,
    )
    const [rows = 1, columns = 1] = slot.shape
    const step = rate * MUON_FACTOR * Math.sqrt(Math.max(1, rows / columns))
    decay(slot, rate)
    for (let i = 0; i < grad.length; i++) slot.values[i] = (slot.values[i] ?? 0) - step * (direction[i] ?? 0)
  }
}

interface Factors {
  readonly rows: Float64Array
  readonly columns: Float64Array
}

function updateFactors({ rows, columns }: Factors, grad: Float32Array): number {
  const sums = { rows: new Float64Array(rows.length), columns: new Float64Array(columns.length) }
  for (const [i, g] of grad.entries()) {
    const row = Math.floor(i / columns.length)
    const column = i % columns.length
    sums.rows[row] = (sums.rows[row] ?? 0) + (g * g + 1e-30) / columns.length
    sums.columns[column] = (sums.columns[column] ?? 0) + (g * g + 1e-30) / rows.length
  }
  for (let i = 0; i < rows.length; i++) rows[i] = 0.95 * (rows[i] ?? 0) + 0.05 * (sums.rows[i] ?? 0)
  for (let i = 0; i < columns.length; i++) columns[i] = 0.95 * (columns[i] ?? 0) + 0.05 * (sums.columns[i] ?? 0)
  return rows.reduce((sum, value) => sum + value, 0) / rows.length
}

function adafactor(): Optimiser {
  const factors = new Map<string, Factors>()
  return (slot, grad, rate) => {
    const [rows = 1, columns = 1] = slot.shape.length > 1 ? slot.shape : [1, slot.values.length]
    const state = factors.get(slot.name) ?? { rows: new Float64Array(rows), columns: new Float64Array(columns) }
    factors.set(slot.name, state)
    const mean = updateFactors(state, grad)
    const update = grad.map((g, i) => {
      const second = ((state.rows[Math.floor(i / columns)] ?? 0) * (state.columns[i % columns] ?? 0)) / mean
      return g / Math.sqrt(second + 1e-30)
    })
    const size = Math.sqrt(update.reduce((sum, value) => sum + value * value, 0) / update.length)
    const clip = rate / Math.max(1, size)
    decay(slot, rate)
    for (let i = 0; i < grad.length; i++) slot.values[i] = (slot.values[i] ?? 0) - clip * (update[i] ?? 0)
  }
}

const MAKERS: Readonly<Record<OptimiserKind, () => Optimiser>> = { adamw: adamW, sgd, muon, adafactor }

/** An optimiser without memory yet. */
export function newOptimiser(kind: OptimiserKind): Optimiser {
  return MAKERS[kind]()
}

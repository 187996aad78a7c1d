/**
 * Taint: who descends from a model whose certificate was revoked.
 *
 * A report, not an act: a descendant may have been trained away from what was wrong, and nobody has heard its vendor. It
 * lists by which reports each one is said to descend, and revokes nothing.
 */
import { digestOf } from '../../base/index.ts'
import type { LineageEdge } from '../statements/types/provenance-report.ts'

/** A step of descent and the statement that says so. */
export interface StatedEdge extends LineageEdge {
  /** Identity of the provenance report. */
  readonly report: string
}

/** A model that is said to descend from another. */
export interface Descendant {
  readonly modelId: string
  /** Steps from the revoked model, from 1. */
  readonly steps: number
  /** By which it is said to descend. */
  readonly via: readonly StatedEdge[]
}

/** See the module. */
export interface TaintReport {
  readonly modelId: string
  /** Sorted by steps, then identity. */
  readonly descendants: readonly Descendant[]
  /** SHA-256 of the list as canonical JSON: what a revocation names. */
  readonly digest: string
}

/** Lists the descendants of a model, each at its nearest; rings of edges do no harm. */
export function reportTaint(modelId: string, edges: readonly StatedEdge[]): TaintReport {
  const byParent = Map.groupBy(edges, ({ parent }) => parent)
  const steps = new Map([[modelId, 0]])
  const open = [modelId]
  for (let at = open.shift(); at !== undefined; at = open.shift()) {
    for (const { child } of byParent.get(at) ?? []) {
      if (steps.has(child)) continue
      steps.set(child, (steps.get(at) ?? 0) + 1)
      open.push(child)
    }
  }
  const byChild = Map.groupBy(edges, ({ child }) => child)
  steps.delete(modelId)
  const descendants = Array.from(steps, ([child, count]): Descendant => {
    const via = (byChild.get(child) ?? []).filter(({ parent }) => parent === modelId || steps.has(parent))
    return { modelId: child, steps: count, via }
  }).toSorted((a, b) => a.steps - b.steps || (a.modelId < b.modelId ? -1 : 1))
  return { modelId, descendants, digest: digestOf(descendants) }
}

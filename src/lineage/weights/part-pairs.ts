/**
 * Which part of A stands against which part of B: same role, same place, layers as the layer map pairs them.
 */
import { partKey, partSize, type Part } from './part.ts'
import type { RoleModel } from './roles.ts'

/** Two parts of the same role in matched places. */
export interface PartPair {
  readonly a: Part
  readonly b: Part
}

/** All pairs, and what is left over on either side. */
export interface PartPairs {
  readonly pairs: readonly PartPair[]
  readonly onlyA: readonly Part[]
  readonly onlyB: readonly Part[]
}

/** @param partners for each layer of A its layer of B */
export function pairParts(a: RoleModel, b: RoleModel, partners: ReadonlyMap<number, number>): PartPairs {
  const theirs = new Map(b.parts.map((part) => [partKey(part), part]))
  const pairs: PartPair[] = []
  const onlyA: Part[] = []
  for (const part of a.parts) {
    const layer = part.layer < 0 ? part.layer : partners.get(part.layer)
    const other = layer === undefined ? undefined : theirs.get(partKey(part, layer))
    if (other === undefined) onlyA.push(part)
    else pairs.push({ a: part, b: other })
  }
  const used = new Set(pairs.map((pair) => pair.b))
  return { pairs, onlyA, onlyB: b.parts.filter((part) => !used.has(part)) }
}

/** True when both have the same number of rows and columns, whichever way round they are stored. */
export function isSameShape({ a, b }: PartPair): boolean {
  const [rows, columns] = a.transposed === b.transposed ? [b.rows, b.columns] : [b.columns, b.rows]
  return a.rows === rows && a.columns === columns
}

/** A matrix large enough that equality cannot be an accident of initialisation: not a constant, not a norm. */
export function isMatrix(part: Part): boolean {
  return part.rows > 1 && part.columns > 1 && partSize(part) >= 4096
}

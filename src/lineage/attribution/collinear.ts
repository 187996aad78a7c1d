/**
 * Parents that stand to each other as no fit can take apart, and the parent from which the others set out.
 */
import { inner, squareDistance, type Moments } from './fit.ts'

/** From this correlation of their differences on, two parents are reported as one group. */
const COLLINEAR = 0.98
/** The differences of a base's children have little in common. */
const SPREAD_OUT = 0.3

/** Correlation of Pᵢ − Pᵣ and Pⱼ − Pᵣ. */
export function correlation(moments: Moments, [i, j]: readonly [number, number], r: number): number {
  const at = (k: number, l: number): number => inner(moments, k, l)
  const product = at(i, j) - at(i, r) - at(j, r) + at(r, r)
  const squares = squareDistance(moments, i, r) * squareDistance(moments, j, r)
  return squares > 0 ? product / moments.elements / Math.sqrt(squares) : 1
}

/** Groups of vectors, each with those that are collinear with it as seen from every other; most are alone. */
export function collinearGroups(moments: Moments, vectors: readonly number[]): number[][] {
  const groups: number[][] = []
  for (const i of vectors) {
    const isWith = (j: number): boolean => {
      const others = vectors.filter((r) => r !== i && r !== j)
      return others.length > 0 && others.every((r) => correlation(moments, [i, j], r) > COLLINEAR)
    }
    const group = groups.find(([first]) => first !== undefined && isWith(first))
    if (group === undefined) groups.push([i])
    else group.push(i)
  }
  return groups
}

/** The vector from which all others set out in different directions; null when there is none or fewer than three. */
export function findHub(moments: Moments, vectors: readonly number[]): number | null {
  if (vectors.length < 3) return null
  const farness = (i: number): number => vectors.reduce((sum, j) => sum + squareDistance(moments, i, j), 0)
  const hub = vectors.reduce((best, i) => (farness(i) < farness(best) ? i : best))
  const others = vectors.filter((i) => i !== hub)
  const isSpread = others.every((i) => others.every((j) => i === j || correlation(moments, [i, j], hub) < SPREAD_OUT))
  return isSpread ? hub : null
}

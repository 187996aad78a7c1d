/**
 * Ranks the models of a register by what of their fingerprints is cheap to hold against a new one.
 *
 * Equal digests of matrices first, then the sketches of layers in the same place, then residual dimensions; declared
 * words weigh nothing. A screen only orders: what it puts first is then compared in full, and what it misses is missed,
 * which the trace says.
 */
import { compareRecords, combinedScore } from './compare-records.ts'
import { residualTest } from './compare-fingerprints.ts'
import type { Fingerprint } from './fingerprint.ts'

/** Points for a share of 1 of all weights equal: above any sketch. */
const EQUAL_POINTS = 1e6

function inOrder(a: Fingerprint, b: Fingerprint): ReadonlyMap<number, number> {
  const layers = Math.min(a.layers, b.layers)
  return new Map(Array.from({ length: layers }, (_, layer) => [layer, layer]))
}

/** Decades of the fixed-point bound on residual dimensions. */
function residualScore(a: Fingerprint, b: Fingerprint): number {
  const tests = a.residual.flatMap((ours) =>
    b.residual.flatMap((theirs) => residualTest(ours, theirs, { widths: [a.width, b.width] })),
  )
  return Math.max(0, ...tests.map(({ points }) => -points.log10p))
}

/** How promising a candidate is; larger is more. Above 6 is more than chance. */
export function screenFingerprint(fingerprint: Fingerprint, candidate: Fingerprint): number {
  if (fingerprint.insufficient !== null || candidate.insufficient !== null) return 0
  const { pairs, equality } = compareRecords(fingerprint, candidate, inOrder(fingerprint, candidate))
  const equal = equality.equalMatrices === 0 ? 0 : equality.equalElements / Math.max(1, equality.elements)
  return EQUAL_POINTS * equal + Math.max(0, combinedScore(pairs)) + residualScore(fingerprint, candidate)
}

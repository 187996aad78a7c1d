/**
 * Holds kits against each other and against public fingerprints, for the question who registered first.
 *
 * Two kits meet by their panels, whose draws all kits of a registry share; the test is the fixed-point test on signs.
 * A kit and a fingerprint have no units in common; they meet by digests, which the holder of the kit's key can compute
 * from the public ones. What is found opens a dispute, never a verdict.
 */
import { Fault } from '../../base/index.ts'
import { mapKits } from '../fingerprint/compare-fingerprints.ts'
import type { Fingerprint } from '../fingerprint/fingerprint.ts'
import { combineLog10, KIN_LOG10 } from '../weights/family-wise.ts'
import { unmatchedCounts } from '../weights/layer-map.ts'
import { negativeControl } from '../weights/negative-control.ts'
import { SKETCHED_ROLES } from './keyed-sketch.ts'
import { markOf } from './make-kit.ts'
import { maskPanel } from './mask-kit.ts'
import { keyCommitment, keyedDraw, type SecretKey } from './prf.ts'
import type { SecretKit } from './secret-kit.ts'

/** What two panels say. */
export interface PanelResult {
  /** False when the panels cannot meet: made without the shared key, or of other shapes. */
  readonly tested: boolean
  readonly log10p: number
  /** True at a bound of at most 1e-6 and with a control that holds. */
  readonly kin: boolean
  /** Layers that agree, and layers of the first kit's panel. */
  readonly agreeing: number
  readonly layers: number
}

/** Compares two kits of one registry. @throws Fault `wrong-key` when the key is not that of the panels */
export function comparePanels(a: SecretKit, b: SecretKit, panelKey: SecretKey): PanelResult {
  const name = keyCommitment(panelKey)
  if ([a, b].some((kit) => kit.panelKey !== null && kit.panelKey !== name))
    throw new Fault('wrong-key', 'the key is not that of the panels')
  const ours = maskPanel(a, panelKey)
  const theirs = maskPanel(b, panelKey)
  const { map } = mapKits({ kit: ours, layers: a.depth }, { kit: theirs, layers: b.depth }, keyedDraw(panelKey))
  const cells = map.aligned.map(({ best: { points } }) => ({ log10p: points.log10p, counts: points.sampled }))
  const log10p = combineLog10(cells, Math.max(1, map.cells.length))
  const control = negativeControl(unmatchedCounts(map))
  return {
    tested: map.cells.length > 0,
    log10p,
    kin: log10p <= KIN_LOG10 && control?.holds !== false,
    agreeing: map.aligned.length,
    layers: ours?.layers.length ?? 0,
  }
}

/** Matrices of a public fingerprint that hold the very values of a matrix of the kit. */
export function countEqualMatrices(kit: SecretKit, seed: SecretKey, fingerprint: Pick<Fingerprint, 'records'>): number {
  const marks = new Set(kit.places.map(({ mark }) => Buffer.from(mark).toString('hex')))
  return fingerprint.records.filter(({ role, bias, rows, columns, rms, canonical }) => {
    const isMatrix = SKETCHED_ROLES.includes(role) && !bias && rows > 1 && columns > 1 && rms > 0
    return isMatrix && marks.has(Buffer.from(markOf(seed, canonical)).toString('hex'))
  }).length
}

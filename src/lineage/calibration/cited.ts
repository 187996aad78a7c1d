/**
 * The calibration that verdicts cite: the summary of the committed table of `docs/method/calibration/`.
 *
 * A verdict is held against the error rates of its own version only; until a new version was calibrated it cites none.
 */
import summary from './calibration.json' with { type: 'json' }
import type { CalibrationSummary } from '../weights/comparison.ts'

/** The summary of this version, or nothing. @example citedCalibration('none/0').calibration // undefined */
export function citedCalibration(version: string): { readonly calibration?: CalibrationSummary } {
  return summary.version === version ? { calibration: summary } : {}
}

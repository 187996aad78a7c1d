/**
 * A calibration: the tables of error rates of one version of the method on one zoo, with the digest that verdicts cite.
 */
import { digestOf } from '../../base/index.ts'
import { METHOD_VERSION } from '../weights/assemble-comparison.ts'
import type { CalibrationSummary } from '../weights/comparison.ts'
import { makeTables, type CalibrationTables } from './tables/tables.ts'
import type { ZooPlan } from './zoo/pairs.ts'
import type { ZooSize } from './zoo/recipe.ts'
import type { PairOutcome } from './zoo/run-pairs.ts'

/** See the module. */
export interface Calibration {
  readonly schema: 'tidewaiter/calibration/v1'
  /** Of the method that was calibrated. */
  readonly version: string
  readonly zoo: ZooSize
  /** How many of the planned pairs the tables are of; all of them but for a run that was cut short. */
  readonly pairs: { readonly ran: number; readonly planned: number }
  readonly tables: CalibrationTables
  /** SHA-256 of the canonical JSON of all the above. */
  readonly digest: string
}

/** Tables with version and digest. */
export function calibrationOf(outcomes: readonly PairOutcome[], { size: zoo, pairs }: ZooPlan): Calibration {
  const content = {
    schema: 'tidewaiter/calibration/v1',
    version: METHOD_VERSION,
    zoo,
    pairs: { ran: outcomes.length, planned: pairs.length },
    tables: makeTables(outcomes, zoo.seed),
  } as const
  return { ...content, digest: digestOf(content) }
}

/** The few numbers that a verdict cites. */
export function summaryOf({ version, digest, tables }: Calibration): CalibrationSummary {
  const { pairs, kin, bound } = tables.independent
  return { version, digest, pairs, false: kin, bound }
}

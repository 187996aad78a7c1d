/**
 * A calibration: the tables of error rates of one version of the method on one zoo, with the digest that verdicts cite.
 */
import { digestOf } from '../../base/index.ts'
import { METHOD_VERSION } from '../weights/assemble-comparison.ts'
import { makeTables, type CalibrationTables } from './tables/tables.ts'
import type { ZooSize } from './zoo/recipe.ts'
import type { PairOutcome } from './zoo/run-pairs.ts'

/** See the module. */
export interface Calibration {
  readonly schema: 'tidewaiter/calibration/v1'
  /** Of the method that was calibrated. */
  readonly version: string
  readonly zoo: ZooSize
  readonly tables: CalibrationTables
  /** SHA-256 of the canonical JSON of all the above. */
  readonly digest: string
}

/** The few numbers that a verdict cites. */
export interface CalibrationSummary {
  readonly version: string
  readonly digest: string
  /** Independent pairs that were compared, and how many of them were called kin. */
  readonly pairs: number
  readonly false: number
  /** Upper 95 % bound of the rate of false kinship. */
  readonly bound: number
}

/** Tables with version and digest. */
export function calibrationOf(outcomes: readonly PairOutcome[], zoo: ZooSize): Calibration {
  const content = {
    schema: 'tidewaiter/calibration/v1',
    version: METHOD_VERSION,
    zoo,
    tables: makeTables(outcomes, zoo.seed),
  } as const
  return { ...content, digest: digestOf(content) }
}

/** See {@link CalibrationSummary}. */
export function summaryOf({ version, digest, tables }: Calibration): CalibrationSummary {
  const { pairs, kin, bound } = tables.independent
  return { version, digest, pairs, false: kin, bound }
}

/**
 * Calibration: a zoo trained again, all its pairs run, and what comes out as tables. A door of its own, since only
 * `tidewaiter calibrate` trains models.
 */
export { calibrate, journalHead, type CalibrateOptions, type CalibrateSize } from './calibrate.ts'
export { calibrationFiles } from './calibration-files.ts'
export { summaryOf, type Calibration } from './calibration.ts'
export { configOf, decodeModel, encodeModel } from './model-file.ts'
export { renderTables } from './tables/render.ts'
export type { ModelStore } from './zoo/keep.ts'
export type { PairOutcome } from './zoo/run-pairs.ts'

/**
 * Whose child is this model?
 *
 * Parts that cost time to load and that few callers need have doors of their own: `attribution/`, `calibration/`,
 * `rederive/` and `secret/`.
 */
export { buildExhibit, type ExhibitOptions } from './align/build-exhibit.ts'
export { checkExhibit, type CheckedMatrix, type ExhibitCheck } from './align/check-exhibit.ts'
export { blindAlignment } from './align/deep-inspection.ts'
export type { Exhibit } from './align/exhibit.ts'
export { LARGEST_EXHIBIT, readExhibit } from './align/read-exhibit.ts'
export { summariseExhibit, type ExhibitSummary } from './align/summarise-exhibit.ts'
export { openWeights, type Weights } from './weights/weights.ts'
export { compareModels, type ComparedSide, type CompareOptions, type ModelSide } from './compare.ts'
export type { DeepInspection, DeepProgress, DeepWork } from './deep/deep-inspection.ts'
export { everyCell } from './deep/every-cell.ts'
export type { Fingerprint } from './fingerprint/fingerprint.ts'
export { fingerprintModel, type FingerprintOptions } from './fingerprint/fingerprint-model.ts'
export { screenFingerprint } from './fingerprint/screen.ts'
export { decodeFingerprint, encodeFingerprint } from './fingerprint/twf.ts'
export { firstAnswer, type FirstSide } from './first-answer/first-answer.ts'
export { planRanges, rangeBytes, type WantedRange } from './first-answer/plan-ranges.ts'
export {
  listSampleReads,
  readSample,
  type ModelSample,
  type SampledModel,
  type SampleSize,
} from './first-answer/sample.ts'
export { rankAmong, type ImpostorPanel } from './panel.ts'
export * from './weights/comparison.ts'
export type { PowerPoint } from './weights/power.ts'
export { appendToIndex } from './screening/append.ts'
export { indexRow, type IndexPlace, type IndexRow } from './screening/index-row.ts'
export { indexRowText, parseIndexRow } from './screening/index-row-text.ts'
export { readManifest, type IndexManifest, type IndexPartition } from './screening/manifest.ts'
export { ModelIndex, type IndexOptions } from './screening/read-index.ts'
export { screenIndex, type IndexHit, type LayerHit, type ScreenOptions } from './screening/screen-index.ts'

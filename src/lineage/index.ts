/** Whose child is this model? */
export { compareModels, type ComparedSide, type CompareOptions, type ModelSide } from './compare.ts'
export type { Fingerprint } from './fingerprint/fingerprint.ts'
export { fingerprintModel, type FingerprintOptions } from './fingerprint/fingerprint-model.ts'
export { screenFingerprint } from './fingerprint/screen.ts'
export { decodeFingerprint, encodeFingerprint } from './fingerprint/twf.ts'
export { markMerges, type TracedCandidate } from './merge.ts'
export * from './weights/comparison.ts'

/**
 * The public verifier: checks certificates of Tidewaiter and OpenSSF Model Signing bundles.
 *
 * No dependencies, no network, no file access: give it the bytes of a bundle, the keys that you trust, the digests of
 * the model at hand and the time, and it says what holds, check by check. The cryptography is WebCrypto unless another
 * is handed in. Key files and issuing are no part of it.
 *
 * Guarantee: `pass` means that every check that applies was made and held; see `certificate/report.ts`.
 */
export type { ArtefactDigests } from './certificate/check-artefact.ts'
export type { TrustedKey } from './certificate/check-key.ts'
export type { TrustedLog } from './certificate/check-log.ts'
export type { Clearance } from './certificate/statements/types/clearance.ts'
export { webCryptography, type Cryptography } from './certificate/cryptography.ts'
export { digestFiles } from './certificate/digest-files.ts'
export { parseNumber } from './certificate/number.ts'
export { CHECKS, VERIFICATION_EXIT_CODES } from './certificate/report.ts'
export type { Check, CheckId, CheckOutcome, EvidenceLevel, VerificationVerdict } from './certificate/report.ts'
export type { TimestampAuthority } from './certificate/timestamp/verify.ts'
export {
  readTrustedRoot,
  type RootAuthority,
  type RootLog,
  type TrustedRoot,
} from './certificate/trust/trusted-root.ts'
export { readPolicy, type Policy } from './certificate/notes/policy.ts'
export {
  TOKEN_CHECKS,
  verifyToken,
  type TokenOptions,
  type TokenReport,
  type TokenStatus,
} from './certificate/token/check.ts'
export type { TokenContent } from './certificate/token/layout.ts'
export { checkComplete, type CompletenessClaim, type ProvenLeaf } from './certificate/docket/completeness.ts'
export { answerEntries, findHiddenReplies, type AnsweredEntry } from './certificate/docket/replies.ts'
export { checkStatus, type StatusAnswer, type StatusQuestion } from './certificate/status/check-status.ts'
export type { StatusSource } from './certificate/check-withdrawn.ts'
export { readSignedStatusList, statusSource } from './certificate/status/status-list.ts'
export type { OpenedStatusList, StatusListTrust } from './certificate/status/status-list.ts'
export { verifyBundle } from './certificate/verify-bundle.ts'
export type { VerificationOptions, VerificationReport, VerifiedStatement } from './certificate/verify-bundle.ts'
export type { ManifestFile } from './base/manifest.ts'

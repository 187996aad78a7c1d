/**
 * The public verifier: checks certificates of Tidewaiter and OpenSSF Model Signing bundles.
 *
 * No dependencies, no network, no file access: give it the bytes of a bundle, the keys that you trust, the digests of
 * the model at hand and the time, and it says what holds, check by check. The cryptography is WebCrypto unless another
 * is handed in. Key files and issuing are no part of it.
 *
 * Guarantee: `pass` means that every check that applies was made and held; see `certificate/report.ts`.
 */
export {
  CHECKS,
  parseNumber,
  verifyBundle,
  VERIFICATION_EXIT_CODES,
  type ArtefactDigests,
  type Check,
  type CheckId,
  type CheckOutcome,
  type Clearance,
  type Cryptography,
  type TrustedKey,
  type TrustedLog,
  type VerificationOptions,
  type VerificationReport,
  type VerificationVerdict,
  type VerifiedStatement,
} from './certificate/index.ts'
export { dirHash, omsRoot, type ManifestFile } from './base/index.ts'

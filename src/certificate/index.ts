/** Certificates: statements, signatures, bundles, keys, and their verification; see each module. */
import type * as Bills from './bom/index.ts'

export { issueCertificate, type CertificateRequest, type IssuedCertificate, type SignedStatement } from './certify.ts'
export type { ArtefactDigests } from './check-artefact.ts'
export type { TrustedKey } from './check-key.ts'
export type { TrustedLog } from './check-log.ts'
export type { Clearance, ClearanceContent, ClearanceReason, Evidence } from './clearance.ts'
export type { Cryptography } from './cryptography.ts'
export { formatNumber, type CertificateNumber } from './number.ts'
export { signRederivation, type NamedModel, type RederivationClaim } from './rederivation.ts'
export { loadOrCreateKey, type Signer, type SigningKey } from './signing-key.ts'
export { leafHashOf } from './leaf-hash.ts'
/** Bills of materials, loaded when they are asked for: nothing else here needs what they read. */
export const loadBills = (): Promise<typeof Bills> => import('./bom/index.ts')
export type { BilledCertificate, BilledIdentity, CycloneDxVersion, ModelBill } from './bom/index.ts'

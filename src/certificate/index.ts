/** Certificates: statements, signatures, bundles, keys, and their verification; see each module. */
import type * as Bills from './bom/index.ts'

export { issueCertificate, type CertificateRequest, type IssuedCertificate, type SignedStatement } from './certify.ts'
export type { ArtefactDigests } from './check-artefact.ts'
export type { TrustedKey } from './check-key.ts'
export type { TrustedLog } from './check-log.ts'
export { readCheckpoint, readSignatureLines, type Checkpoint, type NoteSignature } from './checkpoint.ts'
export type { Clearance, ClearanceContent, ClearanceReason, Evidence } from './clearance.ts'
export { webCryptography, type Cryptography } from './cryptography.ts'
export { concatBytes, decodeBase64, encodeBase64, equalBytes, toHex, toUtf8 } from './encoding.ts'
export { rootOfProof } from './inclusion.ts'
export { bitOf, chainInput, EMPTY_CHAIN, ensureIndexKey, indexLeafInput, indexNodeInput } from './index-proof.ts'
export { readIndexProof, verifyIndexProof, writeIndexProof } from './index-proof.ts'
export type { IndexClaim, IndexLeaf, IndexProof } from './index-proof.ts'
export { Members, type MemberNames } from './members.ts'
export * from './notes/index.ts'
export { formatNumber, type CertificateNumber } from './number.ts'
export { signRederivation, type NamedModel, type RederivationClaim } from './rederivation.ts'
export { loadOrCreateKey, type Signer, type SigningKey } from './signing-key.ts'
export { leafHashOf } from './leaf-hash.ts'
/** Bills of materials, loaded when they are asked for: nothing else here needs what they read. */
export const loadBills = (): Promise<typeof Bills> => import('./bom/index.ts')
export type { BilledCertificate, BilledIdentity, CycloneDxVersion, ModelBill } from './bom/index.ts'

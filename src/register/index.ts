/** Who has what decision on which model. */
export { ensureRegisterFree, type RegisterPlace } from './connect.ts'
export type {
  DeepInspections,
  InspectionClaim,
  InspectionProgress,
  InspectionRecord,
  InspectionResult,
  InspectionSide,
} from './deep-inspections.ts'
export type { DocketRegister, DocketStatement, DocketText, StatementDraft } from './docket.ts'
export type { Entry } from './enter.ts'
export type { DisputeRecord, KitRecord, KitRegister, NewDispute } from './kits.ts'
export type {
  CertificateRecord,
  ClearanceRecord,
  FingerprintRecord,
  ModelRecord,
  SearchHit,
  SearchOptions,
  SearchPage,
  Standing,
} from './queries.ts'
export { lockFolder } from './lock.ts'
export type { EvidenceRecord } from './list-evidence.ts'
export type { ScreeningPage, ScreeningState } from './screening.ts'
export { openRegister, Register, type RegisterOptions } from './register.ts'

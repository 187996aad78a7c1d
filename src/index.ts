/**
 * The public entry: the stages of a clearance as functions over plain values.
 *
 * The command line is one way to wire them; this module is for programs that wire them otherwise. Verification alone is
 * `tidewaiter/verify`, which loads nothing but itself.
 */
export { openArtefact, type Artefact, type ArtefactFile, type OpenedArtefact } from './artefact/index.ts'
export { audit, toSarif, type AuditReport, type Finding } from './audit/index.ts'
export { Fault, isFault } from './base/index.ts'
export { issueCertificate, loadOrCreateKey, type Signer } from './certificate/index.ts'
export { assembleDossier, decide, loadPolicy, renderReport, type Decision, type Dossier } from './dossier/index.ts'
export { readFacts, type ArtefactFacts } from './formats/index.ts'
export {
  compareModels,
  decodeFingerprint,
  encodeFingerprint,
  fingerprintModel,
  type Comparison,
} from './lineage/index.ts'
export { openRegister, type Register } from './register/index.ts'

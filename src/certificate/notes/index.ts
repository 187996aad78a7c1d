/** Signed notes: keys, cosignatures, who signed; see each module. */
export {
  cosignedMessage,
  cosignedText,
  encodeUint64,
  readTime as readCosignedTime,
  type CosignedStatement,
} from './cosigned.ts'
export { ensureKeyName, formatNoteKey, keyHashInput, NOTE_TYPES, readNoteKey } from './note-key.ts'
export type { NamedKey, NoteKey, NoteType } from './note-key.ts'
export { verifySignatures, type VerifiedSignature } from './note-signatures.ts'
export { judgeCheckpoint, type CheckpointJudgement, type Cosignature } from './judge-checkpoint.ts'
export { holdsQuorum, readPolicy, type Policy, type PolicyLog, type PolicyWitness, type Quorum } from './policy.ts'
export { readTlogProof, verifyTlogProof, writeTlogProof, type ProvenLeaf, type TlogProof } from './tlog-proof.ts'

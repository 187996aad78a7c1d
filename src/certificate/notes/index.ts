/** Signed notes: keys, cosignatures, who signed; see each module. */
export { cosignedMessage, cosignedText, encodeUint64, type CosignedStatement } from './cosigned.ts'
export { ensureKeyName, formatNoteKey, keyHashInput, NOTE_TYPES, readNoteKey } from './note-key.ts'
export type { NamedKey, NoteKey, NoteType } from './note-key.ts'
export { verifySignatures, type VerifiedSignature } from './note-signatures.ts'

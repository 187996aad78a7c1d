/**
 * Who signed a checkpoint, of the keys that are known?
 *
 * Name and hash of a line must be those of a known key, exactly; lines of others are passed over. A line of a known key
 * that does not verify condemns the note. However many lines a key wrote, and under however many names it is known, it
 * counts once.
 *
 * Source: C2SP signed-note 1.0.0 and tlog-cosignature 1.1.0-rc.1.
 */
import { Fault, isFault } from '../../base/index.ts'
import type { Checkpoint, NoteSignature } from '../checkpoint.ts'
import type { Cryptography } from '../cryptography.ts'
import { derToRaw } from '../ecdsa.ts'
import { equalBytes, toHex, toUtf8 } from '../encoding.ts'
import { cosignedMessage, cosignedText, readTime } from './cosigned.ts'
import { NOTE_TYPES, type NoteKey } from './note-key.ts'

/** A key that signed a checkpoint. */
export interface VerifiedSignature {
  readonly key: NoteKey
  /** Seconds since 1970, the latest if it signed more than once; undefined for keys that sign no time. */
  readonly time: bigint | undefined
}

/** Most lines of one key that are verified; more are there only to keep whoever verifies busy. */
const MAX_LINES = 8

interface Line {
  readonly checkpoint: Checkpoint
  readonly signature: Uint8Array
  readonly key: NoteKey
}

async function verifyEcdsa({ checkpoint, signature, key }: Line, { verifyP256 }: Cryptography): Promise<boolean> {
  try {
    return await verifyP256(key.publicKey.subarray(-65), derToRaw(signature), toUtf8(checkpoint.text))
  } catch (thrown) {
    if (isFault(thrown, 'signature-form')) return false
    throw thrown
  }
}

function verifyMlDsa({ checkpoint, signature, key }: Line, cryptography: Cryptography): Promise<boolean | undefined> {
  if (signature.length !== 8 + 2420) return Promise.resolve(false)
  const { origin, size, root } = checkpoint
  const statement = { cosigner: key.name, time: readTime(signature), origin, start: 0n, end: size, hash: root }
  const verify = cryptography.verifyMlDsa44
  if (verify === undefined) return Promise.resolve(undefined)
  return verify(key.publicKey, signature.subarray(8), cosignedMessage(statement))
}

/** Undefined when this machine cannot tell. */
async function verifyLine(line: Line, cryptography: Cryptography): Promise<boolean | undefined> {
  const { checkpoint, signature, key } = line
  if (key.type === NOTE_TYPES.ecdsa) return verifyEcdsa(line, cryptography)
  if (key.type === NOTE_TYPES.mlDsa44) return verifyMlDsa(line, cryptography)
  const timed = key.type === NOTE_TYPES.cosignature
  if (signature.length !== (timed ? 72 : 64)) return false
  const message = timed ? cosignedText(readTime(signature), checkpoint.text) : toUtf8(checkpoint.text)
  return cryptography.verifyEd25519(key.publicKey, signature.subarray(-64), message)
}

function isBy(key: NoteKey, { name, keyHash }: NoteSignature): boolean {
  return name === key.name && equalBytes(keyHash, key.keyHash)
}

function hasTime({ type }: NoteKey): boolean {
  return type === NOTE_TYPES.cosignature || type === NOTE_TYPES.mlDsa44
}

/** The latest time of the lines of a key, all of which must hold; undefined when it signed none that can be verified. */
async function verifyKey(
  checkpoint: Checkpoint,
  key: NoteKey,
  cryptography: Cryptography,
): Promise<VerifiedSignature | undefined> {
  const lines = checkpoint.signatures.filter((line) => isBy(key, line))
  if (lines.length > MAX_LINES)
    throw new Fault('note-signature', `${lines.length} lines of ${key.name}; at most ${MAX_LINES} are verified`)
  let verified: VerifiedSignature | undefined
  for (const { signature } of lines) {
    const outcome = await verifyLine({ checkpoint, signature, key }, cryptography)
    if (outcome === false)
      throw new Fault('note-signature', `the signature of ${key.name} on checkpoint ${checkpoint.size} does not hold`)
    if (outcome === undefined) continue
    const time = hasTime(key) ? readTime(signature) : undefined
    if (verified === undefined || (time ?? 0n) > (verified.time ?? 0n)) verified = { key, time }
  }
  return verified
}

/**
 * The known keys that signed, in the order in which they are given. ML-DSA-44 counts only where it can be verified.
 *
 * @throws Fault `note-signature` when a line by a known key does not hold; `cosignature` when its time is impossible
 */
export async function verifySignatures(
  checkpoint: Checkpoint,
  keys: readonly NoteKey[],
  cryptography: Cryptography,
): Promise<readonly VerifiedSignature[]> {
  const found = new Map<string, VerifiedSignature>()
  for (const key of keys) {
    const verified = await verifyKey(checkpoint, key, cryptography)
    const id = toHex(key.publicKey)
    if (verified !== undefined && !found.has(id)) found.set(id, verified)
  }
  return [...found.values()]
}

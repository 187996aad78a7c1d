/**
 * Signers of notes over private keys of Node.
 *
 * A log signs its checkpoints with Ed25519 as they are, and beside it with ML-DSA-44 as a cosigner of its own. A witness
 * signs that it saw the checkpoint, with the time. A key in a hardware module stands in by implementing `NoteSigner`.
 *
 * Source: C2SP signed-note 1.0.0, tlog-cosignature 1.1.0-rc.1.
 */
import { createPublicKey, hash, sign, type KeyObject } from 'node:crypto'
import { Fault, type Clock } from '../../base/index.ts'
import {
  concatBytes,
  cosignedMessage,
  cosignedText,
  encodeUint64,
  ensureKeyName,
  formatNoteKey,
  keyHashInput,
  NOTE_TYPES,
  readCheckpoint,
  type NoteKey,
  type NoteType,
} from '../../certificate/index.ts'
import type { NoteSigner } from './note.ts'

/** A signer whose public key is known. */
export interface KeySigner extends NoteSigner {
  readonly key: NoteKey
  /** The public key as text, for policies and for those who verify. */
  readonly vkey: string
}

/** Who signs, with what, and by which clock. */
export interface CosignerOptions {
  readonly name: string
  /** Private key, Ed25519 or ML-DSA-44. */
  readonly privateKey: KeyObject
  readonly clock: Clock
}

const RAW_LENGTHS: ReadonlyMap<string, number> = new Map([
  ['ed25519', 32],
  ['ml-dsa-44', 1312],
])

function noteKey(name: string, type: NoteType, privateKey: KeyObject): NoteKey {
  ensureKeyName(name)
  const length = RAW_LENGTHS.get(privateKey.asymmetricKeyType ?? '')
  if (length === undefined || privateKey.type !== 'private')
    throw new Fault(
      'note-key',
      `${name} cannot sign notes with a ${privateKey.asymmetricKeyType} ${privateKey.type} key`,
    )
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).subarray(-length)
  const named = { name, type, publicKey: new Uint8Array(publicKey) }
  return { ...named, keyHash: hash('sha256', keyHashInput(named), 'buffer').subarray(0, 4) }
}

function signerOf(key: NoteKey, makeSignature: (text: Uint8Array) => Uint8Array): KeySigner {
  const signText = async (text: Uint8Array): Promise<Uint8Array> => Promise.resolve(makeSignature(text))
  return { name: key.name, keyHash: key.keyHash, key, vkey: formatNoteKey(key), sign: signText }
}

/** Signs notes as they are, with Ed25519. @throws Fault `note-key` for any other key; `vkey` */
export function noteSigner(name: string, privateKey: KeyObject): KeySigner {
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Fault('note-key', `${name} needs an Ed25519 key`)
  return signerOf(noteKey(name, NOTE_TYPES.ed25519, privateKey), (text) => sign(null, text, privateKey))
}

/** Text of a checkpoint as a checkpoint; its signatures do not matter. */
function readText(text: string): ReturnType<typeof readCheckpoint> {
  return readCheckpoint(`${text}\n— x AAAAAAAA\n`)
}

/**
 * Signs checkpoints as a cosigner, with the time of the clock.
 *
 * @throws Fault `note-key` for keys that are neither Ed25519 nor ML-DSA-44; `vkey`; when signing, `checkpoint` for a note
 * that is none
 */
export function cosigner({ name, privateKey, clock }: CosignerOptions): KeySigner {
  const quantum = privateKey.asymmetricKeyType === 'ml-dsa-44'
  const key = noteKey(name, quantum ? NOTE_TYPES.mlDsa44 : NOTE_TYPES.cosignature, privateKey)
  return signerOf(key, (bytes) => {
    const time = BigInt(Math.floor(clock.now() / 1000))
    const { origin, size, root, text } = readText(new TextDecoder().decode(bytes))
    const statement = { cosigner: name, time, origin, start: 0n, end: size, hash: root }
    const message = quantum ? cosignedMessage(statement) : cosignedText(time, text)
    return concatBytes(encodeUint64(time), sign(null, message, privateKey))
  })
}

/**
 * Keys that sign notes: of logs and of witnesses.
 *
 * A key is known by a name and four bytes of a hash over name, type and key. The type says what is signed: the note as it
 * is, or a statement of a witness about it. As text: `name+hash+base64`.
 *
 * Source: C2SP signed-note 1.0.0; tlog-cosignature 1.1.0-rc.1 for types 4 and 6. ECDSA keys, which only others use, are
 * named by their DER alone and must be on P-256.
 */
import { Fault } from '../../base/index.ts'
import type { Cryptography } from '../cryptography.ts'
import { concatBytes, decodeBase64, encodeBase64, toHex, toUtf8 } from '../encoding.ts'
import { readSpki } from '../public-key.ts'

/** Types of signatures, by the byte that stands for each. */
export const NOTE_TYPES = { ed25519: 1, ecdsa: 2, cosignature: 4, mlDsa44: 6 } as const

/** One of {@link NOTE_TYPES}. */
export type NoteType = (typeof NOTE_TYPES)[keyof typeof NOTE_TYPES]

/** What a key signs under. */
export interface NamedKey {
  /** Without spaces or plus signs. */
  readonly name: string
  readonly type: NoteType
  /** Raw: 32 bytes of Ed25519, 1312 of ML-DSA-44; for ECDSA the DER of SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array
}

/** A key with the hash by which signature lines name it. */
export interface NoteKey extends NamedKey {
  /** 4 bytes. */
  readonly keyHash: Uint8Array
}

const NAME = /^[^\s\x85+\0-\x1f]+$/
const FORM = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{4,4096})$/
const LENGTHS: ReadonlyMap<number, number> = new Map([
  [NOTE_TYPES.ed25519, 32],
  [NOTE_TYPES.ecdsa, 91],
  [NOTE_TYPES.cosignature, 32],
  [NOTE_TYPES.mlDsa44, 1312],
])

function isNoteType(type: number): type is NoteType {
  return LENGTHS.has(type)
}

/** @throws Fault `vkey` when no key can sign under this name */
export function ensureKeyName(name: string): void {
  if (!NAME.test(name) || name.length > 255)
    throw new Fault('vkey', `"${name.slice(0, 60)}" is not the name of a key: 1 to 255 characters, no space, no plus`)
}

/** What the first 4 bytes of the SHA-256 of are the hash of a key. */
export function keyHashInput({ name, type, publicKey }: NamedKey): Uint8Array {
  if (type === NOTE_TYPES.ecdsa) return publicKey
  return concatBytes(toUtf8(`${name}\n`), Uint8Array.of(type), publicKey)
}

/** A key as text. */
export function formatNoteKey({ name, type, publicKey, keyHash }: NoteKey): string {
  return `${name}+${toHex(keyHash)}+${encodeBase64(concatBytes(Uint8Array.of(type), publicKey))}`
}

/** Reads a key from its text. @throws Fault `vkey` also when the hash is of another key; `base64`, `key-unreadable` */
export async function readNoteKey(text: string, cryptography: Cryptography): Promise<NoteKey> {
  const [, name, hash, encoded] = FORM.exec(text) ?? []
  if (name === undefined || hash === undefined || encoded === undefined)
    throw new Fault('vkey', `"${text.slice(0, 60)}" is not name+hash+key`)
  ensureKeyName(name)
  const bytes = decodeBase64(encoded, 'key of a note')
  const [type, publicKey] = [bytes[0] ?? 0, bytes.subarray(1)]
  if (!isNoteType(type) || publicKey.length !== LENGTHS.get(type))
    throw new Fault(
      'vkey',
      `the key of ${name} is of type ${type} and ${publicKey.length} bytes, which is not read here`,
    )
  if (type === NOTE_TYPES.ecdsa && readSpki(publicKey).spki.length !== publicKey.length)
    throw new Fault('vkey', `the key of ${name} is not an uncompressed point`)
  const key = { name, type, publicKey }
  const keyHash = (await cryptography.sha256(keyHashInput(key))).subarray(0, 4)
  if (toHex(keyHash) !== hash) throw new Fault('vkey', `the key of ${name} has hash ${toHex(keyHash)}, not ${hash}`)
  return { ...key, keyHash }
}

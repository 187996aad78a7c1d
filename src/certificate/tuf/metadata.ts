/**
 * Metadata of The Update Framework: keys, signed bytes, signatures, and a reader that trusts nothing.
 *
 * The models and the canonical form are those of `@tufjs/models`, so that what we write is what `tuf-js` and python-tuf
 * read. All keys are P-256, because then every role can lie where our other keys can: in a file, a token or a key
 * service. The key id is the one that the keyring uses, the SHA-256 of the PEM; a key under two ids would count twice
 * towards a threshold, so ids that are not of their key are refused.
 *
 * Source: TUF specification 1.0.34, sections 4.2 to 4.6; TAP 12 (key ids are free).
 */
import {
  Key,
  Metadata,
  MetadataKind,
  Signature,
  type Root,
  type Snapshot,
  type Targets,
  type Timestamp,
} from '@tufjs/models'
import { Fault, sha256 } from '../../base/index.ts'
import { readPublicKey } from '../public-key.ts'
import type { Signer } from '../keys/signing-key.ts'

/** Version of the specification that is written into metadata. */
export const SPEC_VERSION = '1.0.31'
/** The four roles. */
export const TUF_ROLES = ['root', 'targets', 'snapshot', 'timestamp'] as const
/** One of them. */
export type TufRole = (typeof TUF_ROLES)[number]

interface Signed {
  readonly root: Root
  readonly targets: Targets
  readonly snapshot: Snapshot
  readonly timestamp: Timestamp
}

const MAX_BYTES = 512_000
const SCHEME = 'ecdsa-sha2-nistp256'
const KINDS = {
  root: MetadataKind.Root,
  targets: MetadataKind.Targets,
  snapshot: MetadataKind.Snapshot,
  timestamp: MetadataKind.Timestamp,
} as const

/** A key of a role, from its PEM in any spelling. @throws Fault `key-unreadable` */
export function makeTufKey(pem: string): Key {
  const key = readPublicKey(pem)
  return new Key({ keyID: sha256(key.pem), keyType: 'ecdsa', scheme: SCHEME, keyVal: { public: key.pem } })
}

/** Refuses a key that we did not make: of another kind, or under an id that is not its own. @throws Fault `tuf-key` */
export function checkTufKey({ keyID, scheme, keyVal }: Key): void {
  if (scheme !== SCHEME || makeTufKey(keyVal['public'] ?? '').keyID !== keyID)
    throw new Fault('tuf-key', `the key ${keyID.slice(0, 64)} is not a P-256 key under its own id`)
}

/** Reads metadata of a role. Nothing in it is verified. @throws Fault `tuf-metadata` */
export function readMetadata<Kind extends TufRole>(kind: Kind, bytes: Uint8Array): Metadata<Signed[Kind]> {
  if (bytes.length > MAX_BYTES) throw new Fault('tuf-metadata', `${kind}: ${bytes.length} bytes; at most ${MAX_BYTES}`)
  try {
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Record<string, never>
    const read = Metadata.fromJSON as (type: MetadataKind, data: Record<string, never>) => Metadata<Signed[Kind]>
    return read(KINDS[kind], value)
  } catch (cause) {
    throw new Fault('tuf-metadata', `this is no TUF metadata of the role ${kind}`, { cause })
  }
}

/** Writes metadata with its signatures. */
export function writeMetadata(metadata: Metadata<Signed[TufRole]>): Uint8Array {
  return Buffer.from(`${JSON.stringify(metadata.toJSON(), null, 1)}\n`)
}

/** The canonical bytes that are signed. */
export function signedBytes({ signed }: { readonly signed: Signed[TufRole] }): Uint8Array {
  let bytes: Uint8Array = new Uint8Array()
  new Metadata(signed).sign((data) => {
    bytes = data
    return new Signature({ keyID: '', sig: '' })
  })
  return bytes
}

/** Hex SHA-256 of the signed bytes: what those who sign compare before they do. */
export function digestOf(metadata: { readonly signed: Signed[TufRole] }): string {
  return sha256(signedBytes(metadata))
}

/** Adds a signature. @throws Fault `signer` when the signer's answer does not verify */
export async function addSignature(metadata: Metadata<Signed[TufRole]>, signer: Signer): Promise<void> {
  const key = makeTufKey(signer.publicKeyPem)
  const signature = await signer.sign(signedBytes(metadata))
  metadata.sign(() => new Signature({ keyID: key.keyID, sig: Buffer.from(signature).toString('hex') }))
  if (!hasSignature(metadata, key))
    throw new Fault('signer', 'the signer answered with a signature that its public key does not verify')
}

/** True when the key signed. */
export function hasSignature(metadata: Metadata<Signed[TufRole]>, key: Key): boolean {
  try {
    key.verifySignature(metadata)
    return true
  } catch {
    return false
  }
}

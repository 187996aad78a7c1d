/**
 * The key that signs: made at the first run, kept where only its owner can read it.
 *
 * The private key lies as PKCS#8 PEM, mode 0600, in a folder of mode 0700, with the public key beside it. It is written
 * under another name, synced, and then linked to its place, so that a crash leaves no half key and of two processes that
 * start together both go on with the same one. A key that others could have read is refused, not repaired: it may be
 * known already.
 *
 * A key management service stands in by implementing {@link Signer}.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault, sha256 } from '../../base/index.ts'
import { hasCode, linkOnce, placeOnce, replaceWhole, syncFolder, writeAside } from './whole-file.ts'

/** Signs with a P-256 key. */
export interface Signer {
  /** PEM, `PUBLIC KEY`. */
  readonly publicKeyPem: string
  /** ECDSA with SHA-256 over the bytes, in DER. */
  sign(bytes: Uint8Array): Promise<Uint8Array>
}

/** A key in a folder of this machine. */
export interface SigningKey extends Signer {
  /** Hex SHA-256 of the public PEM. */
  readonly keyId: string
  /** True when it was made by this call. */
  readonly created: boolean
  /** Where the public key lies, to be given to those who verify. */
  readonly publicKeyPath: string
}

const PRIVATE_NAME = 'signing-key.pem'
const PUBLIC_NAME = 'signing-key.pub.pem'
const OTHERS = 0o077

function refuseOpen(path: string, mode: number, right: string): void {
  if ((mode & OTHERS) === 0) return
  const shown = (mode & 0o777).toString(8).padStart(4, '0')
  throw new Fault(
    'key-exposed',
    `${path} has mode ${shown}, so others may have read the key. If nobody has, run: chmod ${right} '${path}'; else move the key away, and a new one is made`,
  )
}

/** Makes the folder of keys. @throws Fault `key-exposed` when others can read it */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  refuseOpen(folder, (await stat(folder)).mode, '700')
}

/** The text of a private key, when there is one. @throws Fault `key-exposed`, `key-unreadable` for a link */
export async function readPrivate(path: string): Promise<string | undefined> {
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
    try {
      refuseOpen(path, (await handle.stat()).mode, '600')
      return await handle.readFile('utf8')
    } finally {
      await handle.close()
    }
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT')) return undefined
    if (hasCode(thrown, 'ELOOP'))
      throw new Fault('key-unreadable', `${path} is a link; a key is read from the file itself`)
    throw thrown
  }
}

function writePrivate(privateKey: KeyObject): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** Puts a new key at `path`, unless another process was first; true when it did. */
export async function placePrivate(folder: string, path: string, privateKey: KeyObject): Promise<boolean> {
  const placed = await placeOnce(path, writePrivate(privateKey), 0o600)
  await syncFolder(folder)
  return placed
}

function parsePrivate(path: string, pem: string): KeyObject {
  const hint = `move ${path} away to have a new key made, or restore it from a backup`
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key
  } catch (cause) {
    throw new Fault('key-unreadable', `${path} is not a PKCS#8 private key; ${hint}`, { cause })
  }
  throw new Fault('key-unreadable', `${path} is not an ECDSA P-256 key; ${hint}`)
}

async function keepPublic(folder: string, pem: string): Promise<string> {
  const path = join(folder, PUBLIC_NAME)
  const found = await readFile(path, 'utf8').catch(() => undefined)
  if (found !== undefined && found !== pem)
    throw new Fault(
      'key-mismatch',
      `${path} is not the public half of ${PRIVATE_NAME}; delete it, and it is written again`,
    )
  if (found === undefined) await replaceWhole(path, pem, 0o644)
  return path
}

async function toSigningKey(folder: string, key: KeyObject, created: boolean): Promise<SigningKey> {
  const publicKeyPem = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString()
  return {
    publicKeyPem,
    keyId: sha256(publicKeyPem),
    created,
    publicKeyPath: await keepPublic(folder, publicKeyPem),
    sign: (bytes) => Promise.resolve(new Uint8Array(sign('sha256', bytes, key))),
  }
}

/** A key that is lost is no reason to sign with another one unasked. @throws Fault `key-missing` */
async function ensureNeverMade(folder: string): Promise<void> {
  const path = join(folder, PUBLIC_NAME)
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return
  throw new Fault(
    'key-missing',
    `${path} is there, but not ${PRIVATE_NAME}: restore it from a backup, or move ${PUBLIC_NAME} away to have a new key made, which those who verify have to be given`,
  )
}

/**
 * The key of this installation, made when the folder never had one.
 *
 * @throws Fault `key-exposed` when others can read the folder or the key, `key-unreadable`, `key-mismatch`; `key-missing`
 *   when only its public half is there
 */
export async function loadOrCreateKey(folder: string): Promise<SigningKey> {
  await makeFolder(folder)
  const path = join(folder, PRIVATE_NAME)
  const found = await readPrivate(path)
  if (found === undefined) await ensureNeverMade(folder)
  const created =
    found === undefined &&
    (await placePrivate(folder, path, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey))
  return toSigningKey(folder, parsePrivate(path, found ?? (await readPrivate(path)) ?? ''), created)
}

/** The key of this installation, when it has one. @throws Fault like {@link loadOrCreateKey} */
export async function findKey(folder: string): Promise<SigningKey | undefined> {
  const path = join(folder, PRIVATE_NAME)
  const found = await readPrivate(path)
  if (found === undefined) return undefined
  refuseOpen(folder, (await stat(folder)).mode, '700')
  return toSigningKey(folder, parsePrivate(path, found), false)
}

/** A new key that is written but does not sign yet. */
export interface PreparedRotation {
  readonly old: SigningKey
  /** The new public key in PEM, and its hex id. */
  readonly publicKeyPem: string
  readonly keyId: string
  /** Puts the new key in the place of the old, which is kept beside it; gives the path of the old one. */
  commit(): Promise<string>
  /** Forgets the new key. */
  discard(): Promise<void>
}

/**
 * Makes the next key, to be announced before it is used.
 *
 * The old private key stays under the name of its id, since it may sign until its overlap ends; delete it then.
 *
 * @throws Fault `key-missing` when there is none to be replaced, and like {@link loadOrCreateKey}
 */
export async function prepareRotation(folder: string): Promise<PreparedRotation> {
  const old = await findKey(folder)
  if (old === undefined) throw new Fault('key-missing', `${folder} holds no key that could be replaced`)
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const aside = await writeAside(folder, writePrivate(privateKey), 0o600)
  const path = join(folder, PRIVATE_NAME)
  const commit = async (): Promise<string> => {
    const kept = join(folder, `signing-key.${old.keyId.slice(0, 16)}.pem`)
    // Of a rotation that died it is there already.
    await linkOnce(path, kept)
    await unlink(old.publicKeyPath)
    await rename(aside, path)
    await syncFolder(folder)
    await keepPublic(folder, publicKeyPem)
    return kept
  }
  return { old, publicKeyPem, keyId: sha256(publicKeyPem), commit, discard: () => unlink(aside) }
}

/**
 * The keys with which a log or a witness signs notes: Ed25519 and ML-DSA-44, each in a file of the folder of keys.
 *
 * They are made and kept with the same care as the key that signs statements; see `signing-key.ts`.
 */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { join } from 'node:path'
import { Fault } from '../base/index.ts'
import { makeFolder, placePrivate, readPrivate } from './keys/signing-key.ts'

/** Private keys of one who signs notes. */
export interface NoteKeyFiles {
  readonly ed25519: KeyObject
  readonly mlDsa44: KeyObject
}

type Algorithm = 'ed25519' | 'ml-dsa-44'

const NAME = /^[a-z0-9.-]{1,200}$/

function pathOf(folder: string, name: string, algorithm: Algorithm): string {
  if (!NAME.test(name)) throw new Fault('bad-key-name', `no key can have the name "${name.slice(0, 60)}"`)
  return join(folder, `${name}.${algorithm}.pem`)
}

function parse(path: string, pem: string, algorithm: Algorithm): KeyObject {
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType === algorithm) return key
  } catch (cause) {
    throw new Fault('key-unreadable', `${path} is not a PKCS#8 private key; restore it from a backup`, { cause })
  }
  throw new Fault('key-unreadable', `${path} is not a key of the kind ${algorithm}; restore it from a backup`)
}

async function find(folder: string, name: string, algorithm: Algorithm): Promise<KeyObject | undefined> {
  const path = pathOf(folder, name, algorithm)
  const pem = await readPrivate(path)
  return pem === undefined ? undefined : parse(path, pem, algorithm)
}

function generate(algorithm: Algorithm): KeyObject {
  return algorithm === 'ed25519'
    ? generateKeyPairSync('ed25519').privateKey
    : generateKeyPairSync('ml-dsa-44').privateKey
}

async function findOrMake(folder: string, name: string, algorithm: Algorithm): Promise<KeyObject> {
  const found = await find(folder, name, algorithm)
  if (found !== undefined) return found
  await placePrivate(folder, pathOf(folder, name, algorithm), generate(algorithm))
  return findOrMake(folder, name, algorithm)
}

/**
 * The keys of a name, when both are there.
 *
 * @throws Fault `key-exposed` when others can read the folder or a key, `key-unreadable`, `bad-key-name`; `key-missing`
 *   when there is none
 */
export async function findNoteKeys(folder: string, name: string): Promise<NoteKeyFiles> {
  await makeFolder(folder)
  const [ed25519, mlDsa44] = [await find(folder, name, 'ed25519'), await find(folder, name, 'ml-dsa-44')]
  if (ed25519 === undefined || mlDsa44 === undefined)
    throw new Fault('key-missing', `${folder} holds no keys of ${name}; restore them from a backup`)
  return { ed25519, mlDsa44 }
}

/** The keys of a name, made where they are not there. @throws Fault like {@link findNoteKeys} */
export async function loadOrCreateNoteKeys(folder: string, name: string): Promise<NoteKeyFiles> {
  await makeFolder(folder)
  return { ed25519: await findOrMake(folder, name, 'ed25519'), mlDsa44: await findOrMake(folder, name, 'ml-dsa-44') }
}

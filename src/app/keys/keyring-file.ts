/** The keyring of this installation as a file: read whole and strictly, written whole. */
import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { BITING_DECISIONS, readKeyring, webCryptography, writeKeyring, type Keyring } from '../../certificate/index.ts'
import { readBounded } from '../read-bounded.ts'
import { writeWhole } from '../write-whole.ts'

/** Name of the file, here and as a target of the TUF repository. */
export const KEYRING_NAME = 'stations.json'

const LARGEST = 4 * 1024 * 1024
const DECIDING = ['officer', 'regulator'] as const

/** A keyring without keys; what bites takes two units. */
export const EMPTY_KEYRING: Keyring = {
  keys: [],
  quorums: BITING_DECISIONS.map((decision) => ({ decision, threshold: 2, roles: DECIDING })),
}

/** Where the keyring lies when nothing is said. */
export function keyringPath(keys: string): string {
  return join(keys, KEYRING_NAME)
}

/** Reads a keyring; undefined when there is no such file. @throws Fault `no-such-file`, and those of `readKeyring` */
export async function readKeyringFile(path: string): Promise<Keyring | undefined> {
  if (!existsSync(path)) return undefined
  return readKeyring(readBounded(path, LARGEST), webCryptography)
}

/** Writes a keyring, after it was read back. @throws Fault `cannot-write`, and those of `readKeyring` */
export async function writeKeyringFile(path: string, keyring: Keyring): Promise<void> {
  const text = writeKeyring(keyring)
  await readKeyring(Buffer.from(text), webCryptography)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeWhole(path, `${text}\n`)
}

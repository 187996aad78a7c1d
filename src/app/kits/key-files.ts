/**
 * Keys of kits and seals as files: secrets that only their owner may read.
 */
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Fault, toFault, type Randomness } from '../../base/index.ts'
import { parseKitKey, parseSecretKey, type KitKey, type SecretKey } from '../../lineage/secret/index.ts'
import { writeWhole } from '../write-whole.ts'

const OTHERS = 0o077
const LARGEST = 4096

function readSecretText(path: string): string {
  let text: string
  try {
    const { size, mode } = statSync(path)
    if (size > LARGEST) throw new Error(`${size} bytes; a key has at most ${LARGEST}`)
    if ((mode & OTHERS) !== 0) throw new Fault('key-exposed', `others may read ${path}; run: chmod 600 '${path}'`)
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    const fault = toFault(cause, 'no-such-file')
    throw fault.code === 'key-exposed'
      ? fault
      : new Fault('no-such-file', `the key ${path} cannot be read: ${fault.message}`, { cause })
  }
  return text
}

/** Reads the key of a registration. @throws Fault `no-such-file`, `key-exposed`, `bad-key` */
export function readKitKeyFile(path: string): KitKey {
  return parseKitKey(readSecretText(path))
}

/** Reads a key of 64 hex digits. @throws Fault `no-such-file`, `key-exposed`, `bad-key` */
export function readSecretFile(path: string): SecretKey {
  return parseSecretKey(readSecretText(path))
}

/** Reads a secret of this installation, and makes it where there is none yet. */
export function ownSecret(folder: string, name: string, randomness: Randomness): SecretKey {
  const path = join(folder, name)
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeWhole(path, `${Buffer.from(randomness(32)).toString('hex')}\n`, 0o600)
  }
  return readSecretFile(path)
}

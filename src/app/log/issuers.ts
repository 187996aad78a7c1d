/**
 * Who may say what in dockets of this installation.
 *
 * Where a keyring names a key, the keyring decides. Else a key may speak when it is the own one, or was: each key that
 * signed here is remembered by its id, so that what it said still counts when the key was replaced. Anybody may reply, since
 * replies are taken without a look at their merit.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isSha256, systemClock } from '../../base/index.ts'
import { mayIssue, predicateTypeOf, type DocketContext } from '../../certificate/index.ts'
import type { Context } from '../context.ts'
import { keyringPath, readKeyringFile } from '../keys/keyring-file.ts'
import { writeWhole } from '../write-whole.ts'

const FILE = 'issuers.txt'

function readIssuers(keys: string): ReadonlySet<string> {
  const path = join(keys, FILE)
  if (!existsSync(path)) return new Set()
  return new Set(readFileSync(path, 'utf8').split('\n').filter(isSha256))
}

/** Remembers that a key is one of this installation. @param keyId hex SHA-256 of its PEM */
export function rememberIssuer({ places }: Context, keyId: string): void {
  const known = readIssuers(places.keys)
  if (known.has(keyId)) return
  mkdirSync(places.keys, { recursive: true, mode: 0o700 })
  writeWhole(join(places.keys, FILE), [...known, keyId].map((each) => `${each}\n`).join(''))
}

/** Answers whether a key may sign statements of a type at a time. */
export type MayIssue = NonNullable<DocketContext['mayIssue']>

/** See the module. @throws Fault those of keyrings */
export async function whoMaySpeak({ places }: Context): Promise<MayIssue> {
  const keyring = await readKeyringFile(keyringPath(places.keys))
  const issuers = readIssuers(places.keys)
  const listed = new Set(keyring?.keys.map(({ keyId }) => keyId))
  const reply = predicateTypeOf('reply')
  return (keyId, predicateType, at) => {
    if (predicateType === reply) return true
    if (keyring === undefined || !listed.has(keyId)) return issuers.has(keyId)
    return mayIssue(keyring, { keyId, predicateType, at, now: systemClock.now() }).allowed
  }
}

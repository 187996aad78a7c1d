/**
 * What this installation gives to those who verify: the public key of its signer, and the file that names its log and
 * its timestamp authority. Read from where issuing left them; nothing is made, and no signer is asked.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSignerUri } from '../../certificate/index.ts'
import type { Context } from '../context.ts'
import { ownRootPath } from './targets.ts'

/** See the module; absent is what was not made yet. */
export interface PublishedTrust {
  /** PEM. */
  readonly signingKey?: string
  /** Text of `trusted_root.json`. */
  readonly trustedRoot?: string
}

const OWN_KEY = 'signing-key.pub.pem'
/** As `loadSigner` names the public half of a key that lies elsewhere. */
const ELSEWHERE = /^signer-[0-9a-f]{16}\.pub\.pem$/

/** Where the public half of the key that signs is kept; undefined when there is none, or several and no telling which. */
export function findKeyFile({ settings, places }: Pick<Context, 'settings' | 'places'>): string | undefined {
  const uri = parseSignerUri(settings.signer)
  if (uri.kind === 'file') return join(uri.folder ?? places.keys, OWN_KEY)
  if (!existsSync(places.keys)) return undefined
  const [name, ...others] = readdirSync(places.keys).filter((each) => ELSEWHERE.test(each))
  return name === undefined || others.length > 0 ? undefined : join(places.keys, name)
}

/** Reads what there is. @throws Fault `signer-uri` */
export function readPublishedTrust(context: Pick<Context, 'settings' | 'places'>): PublishedTrust {
  const [key, root] = [findKeyFile(context), ownRootPath(context.places.home)]
  return {
    ...(key !== undefined && existsSync(key) ? { signingKey: readFileSync(key, 'utf8') } : {}),
    ...(existsSync(root) ? { trustedRoot: readFileSync(root, 'utf8') } : {}),
  }
}

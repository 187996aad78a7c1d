/**
 * The timestamp authority of an installation: keys and certificates made at the first run, then only read.
 *
 * The root signs the certificate of the stamping key once; its private key may then be moved to a safe place. The chain
 * lies as PEM beside the keys, linked to its place when it is complete, so that of two processes that start together
 * both go on with the same one. Whoever trusts the authority is given the chain (in `trusted_root.json`).
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../../base/index.ts'
import { decodeBase64, encodePem, equalBytes } from '../encoding.ts'
import { readPublicKey } from '../public-key.ts'
import { loadOrCreateKey, type Signer } from '../keys/signing-key.ts'
import { placeOnce, syncFolder } from '../keys/whole-file.ts'
import { makeTimestampChain } from './make-chain.ts'
import { readCertificate } from './x509.ts'

/** Stamps with a key of this machine. */
export interface OwnAuthority {
  readonly key: Signer
  /** Certificates in DER, that of the key first. */
  readonly chain: readonly Uint8Array[]
  /** From when its certificate is valid, ms since 1970. */
  readonly validFrom: number
  /** PEM of the chain, to be given to those who verify. */
  readonly chainPath: string
}

/** How the certificates call it, and from when they are valid (ms since 1970). */
export interface AuthorityNames {
  readonly organization: string
  readonly name: string
  readonly now: number
}

const CHAIN_NAME = 'chain.pem'
const BLOCK = /-----BEGIN CERTIFICATE-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END CERTIFICATE-----/g

/** PEM blocks of certificates, one after another. */
export function writeCertificates(chain: readonly Uint8Array[]): string {
  return chain.map((der) => encodePem('CERTIFICATE', der)).join('')
}

/** The certificates of a PEM text, in its order. @throws Fault `base64` */
export function readCertificates(pem: string): readonly Uint8Array[] {
  return [...pem.matchAll(BLOCK)].map(([, body = '']) => decodeBase64(body.replaceAll(/[\r\n]/g, ''), 'certificate'))
}

/**
 * The timestamp authority in a folder, made when there is none; the root key lies in a folder beside it, FOLDER-root.
 *
 * @throws Fault `key-mismatch` when the chain is not of the stamping key; those of {@link loadOrCreateKey}
 */
export async function loadOrCreateAuthority(folder: string, names: AuthorityNames): Promise<OwnAuthority> {
  const key = await loadOrCreateKey(folder)
  const path = join(folder, CHAIN_NAME)
  if (!existsSync(path)) {
    const root = await loadOrCreateKey(`${folder}-root`)
    const { organization, name, now: validFrom } = names
    const chain = await makeTimestampChain({ root, leaf: key, organization, name, validFrom })
    await placeOnce(path, writeCertificates(chain), 0o644)
    await syncFolder(folder)
  }
  const chain = readCertificates(await readFile(path, 'utf8'))
  const leaf = chain[0] === undefined ? undefined : readCertificate(chain[0])
  if (leaf === undefined || !equalBytes(leaf.key.spki, readPublicKey(key.publicKeyPem).spki))
    throw new Fault('key-mismatch', `${path} is not the chain of the key beside it; restore both from one backup`)
  return { key, chain, validFrom: leaf.validFrom, chainPath: path }
}

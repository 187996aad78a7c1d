/** Issuing compact tokens; see `layout.ts` for what they are. */
import { derToRaw, toLowS } from '../ecdsa.ts'
import { Fault } from '../../base/index.ts'
import { webCryptography } from '../cryptography.ts'
import { nameKey, readPublicKey } from '../public-key.ts'
import type { Signer } from '../keys/signing-key.ts'
import { encodeContent, encodeToken, signedBytes, type TokenContent } from './layout.ts'

/** What a token is issued for; the issuer's key is filled in. */
export interface TokenRequest extends Pick<TokenContent, 'number' | 'result' | 'expiresOn' | 'statusIndex'> {
  /** Of the model, 64 hex digits. */
  readonly dirHash: string
}

/**
 * Signs a token.
 *
 * @throws Fault `token-form`, `certificate-number`; `signer` when the signer's answer does not verify
 */
export async function issueToken({ dirHash, ...request }: TokenRequest, signer: Signer): Promise<string> {
  const key = readPublicKey(signer.publicKeyPem)
  const { keyId } = await nameKey(key, webCryptography)
  const content = encodeContent({ ...request, model: dirHash.slice(0, 32), keyPrefix: keyId.slice(0, 8) })
  const signed = signedBytes(content)
  const signature = toLowS(derToRaw(await signer.sign(signed)))
  if (!(await webCryptography.verifyP256(key.point, signature, signed)))
    throw new Fault('signer', 'the signer answered with a signature that its public key does not verify')
  return encodeToken(content, signature)
}

/** The address that a printed code carries: the page of the certificate, and the token where no server sees it. */
export function tokenAddress(base: string, number: string, token?: string): string {
  const page = new URL(`/c/${number}`, base).href
  return token === undefined ? page : `${page}#${token}`
}

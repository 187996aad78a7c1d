/**
 * Verifies a timestamp: a trusted authority states that these bytes existed at that time.
 *
 * The imprint is over the bytes; the signature is over the imprint, the time and the hash of the signer's certificate;
 * that certificate is the first of a chain that the caller trusts, for timestamps alone, and every certificate of it was
 * valid at the stated time. Certificates inside the timestamp prove nothing and must be among the trusted ones.
 *
 * Source: RFC 3161 sections 2.3 and 2.4.2; RFC 5652 section 5.6; RFC 5035 section 5.4.1.
 */
import { Fault, formatTime, isFault } from '../../base/index.ts'
import type { Cryptography } from '../cryptography.ts'
import { equalBytes } from '../encoding.ts'
import { isWithin } from '../validity-window.ts'
import { verifyBy } from './algorithms.ts'
import { readTimestamp, type TimestampToken } from './token.ts'
import { checkChain, checkStamping, readCertificate, type Certificate } from './x509.ts'

/** A timestamp authority that the caller trusts. */
export interface TimestampAuthority {
  /** Certificates in DER: that which signs first, the root last; at least two. */
  readonly chain: readonly Uint8Array[]
  /** When it was trusted, ms since 1970, inclusive; without bounds when absent. */
  readonly validFrom?: number
  readonly validUntil?: number
}

/** A timestamp that holds. */
export interface VerifiedTimestamp {
  /** ms since 1970. */
  readonly genTime: number
  /** By how much `genTime` may be off, in ms. */
  readonly accuracy: number
}

function refuse(what: string): never {
  throw new Fault('timestamp', what)
}

function checkTimes(time: number, chain: readonly Certificate[], authority: TimestampAuthority): void {
  if (!isWithin(time, authority)) refuse(`the timestamp authority was not trusted at ${formatTime(time)}`)
  if (!chain.every((certificate) => isWithin(time, certificate)))
    refuse(`a certificate of the timestamp authority was not valid at ${formatTime(time)}`)
}

async function checkSignature(token: TimestampToken, leaf: Certificate, cryptography: Cryptography): Promise<void> {
  const { hash, algorithm, signature, attributes: message, signingCertificate } = token
  if (!equalBytes(await cryptography.digest(hash, token.content), token.messageDigest))
    refuse('the timestamp was changed after it was signed')
  if (!equalBytes(await cryptography.digest(signingCertificate.hash, leaf.der), signingCertificate.digest))
    refuse('the timestamp was signed for another certificate of its authority')
  if (!(await verifyBy(leaf.key, { algorithm, hash, signature, message }, cryptography)))
    refuse('the timestamp is not signed by the trusted authority')
}

function isNamed({ signer: [issuer, serial] }: TimestampToken, certificate: Certificate | undefined): boolean {
  const [byIssuer, bySerial] = certificate?.issuerAndSerial ?? []
  return (
    byIssuer !== undefined && bySerial !== undefined && equalBytes(issuer, byIssuer) && equalBytes(serial, bySerial)
  )
}

interface Candidate {
  readonly authority: TimestampAuthority
  readonly chain: readonly Certificate[]
}

async function verifyAgainst(
  token: TimestampToken,
  { authority, chain }: Candidate,
  cryptography: Cryptography,
): Promise<void> {
  const [leaf] = chain
  if (leaf === undefined || chain.length < 2)
    return refuse('the trusted authority has no chain of certificates up to a root')
  const strange = token.certificates.some((one) => !authority.chain.some((trusted) => equalBytes(one, trusted)))
  if (strange) refuse('the timestamp carries a certificate that is not of the trusted authority')
  checkStamping(leaf)
  await checkChain(chain, cryptography)
  await checkSignature(token, leaf, cryptography)
  checkTimes(token.info.genTime, chain, authority)
}

async function recode<Value>(verify: () => Promise<Value>): Promise<Value> {
  try {
    return await verify()
  } catch (thrown) {
    const ours = isFault(thrown) && thrown.code !== 'timestamp' && thrown.code !== 'cannot-check'
    throw ours ? new Fault('timestamp', thrown.message, { cause: thrown }) : thrown
  }
}

async function readFor(response: Uint8Array, signed: Uint8Array, cryptography: Cryptography): Promise<TimestampToken> {
  const token = readTimestamp(response)
  if (!equalBytes(await cryptography.digest(token.info.hash, signed), token.info.imprint))
    refuse('the timestamp is of another signature')
  return token
}

/** Reads a timestamp and holds only its form and its imprint against what was stamped. @throws Fault `timestamp` */
export function fitTimestamp(
  response: Uint8Array,
  signed: Uint8Array,
  cryptography: Cryptography,
): Promise<TimestampToken> {
  return recode(() => readFor(response, signed, cryptography))
}

/**
 * Verifies a timestamp over some bytes.
 *
 * @param response `TimeStampResp` in DER
 * @param signed what was stamped; of a bundle the signature in DER
 * @throws Fault `timestamp` with what does not hold; `cannot-check`
 */
export function verifyTimestamp(
  response: Uint8Array,
  signed: Uint8Array,
  {
    authorities,
    cryptography,
  }: { readonly authorities: readonly TimestampAuthority[]; readonly cryptography: Cryptography },
): Promise<VerifiedTimestamp> {
  return recode(async () => {
    const token = await readFor(response, signed, cryptography)
    const candidates = authorities.map((authority) => ({ authority, chain: authority.chain.map(readCertificate) }))
    const named = candidates.filter(({ chain }) => isNamed(token, chain[0]))
    if (named.length === 0) refuse('the timestamp is of an authority that is not trusted here')
    const results = await Promise.allSettled(named.map((candidate) => verifyAgainst(token, candidate, cryptography)))
    const failed = results.find((result) => result.status === 'rejected')
    if (failed !== undefined && !results.some(({ status }) => status === 'fulfilled')) throw failed.reason
    return { genTime: token.info.genTime, accuracy: token.info.accuracy }
  })
}

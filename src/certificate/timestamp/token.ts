/**
 * RFC 3161 timestamps: the answer of a timestamp authority, as it was read and before anything is verified.
 *
 * A timestamp is a CMS signature over a `TSTInfo` (imprint, time, serial, policy), wrapped in a status. Only one shape
 * is taken: granted without further words, one signer named by issuer and serial, nothing unsigned beside the signature.
 * What is neither signed nor compared with something signed has thereby one possible content.
 *
 * Source: RFC 3161 section 2.4; RFC 5652 sections 5 and 11; RFC 5035 (signing certificate); RFC 5816.
 */
import { Fault } from '../../base/index.ts'
import type { HashName } from '../cryptography.ts'
import { equalBytes } from '../encoding.ts'
import { readHash, readSignatureAlgorithm, type SignatureAlgorithm } from './algorithms.ts'
import { context, DerReader, TAG } from './der.ts'
import { element, isSorted } from './der-writer.ts'
import { OID } from './oids.ts'

/** What the authority states. */
export interface TimestampInfo {
  readonly hash: HashName
  readonly imprint: Uint8Array
  /** Object identifier as hex of its content. */
  readonly policy: string
  /** ms since 1970; the true time is at most `accuracy` ms before or after. */
  readonly genTime: number
  readonly accuracy: number
}

/** See the module. */
export interface TimestampToken {
  readonly info: TimestampInfo
  /** The bytes of the info. */
  readonly content: Uint8Array
  readonly certificates: readonly Uint8Array[]
  /** Issuer and serial of the signer's certificate, as they stand. */
  readonly signer: readonly [issuer: Uint8Array, serial: Uint8Array]
  readonly hash: HashName
  readonly algorithm: SignatureAlgorithm
  /** What the signature covers: the attributes as a SET. */
  readonly attributes: Uint8Array
  readonly messageDigest: Uint8Array
  /** The signer's certificate by its hash. */
  readonly signingCertificate: { readonly hash: HashName; readonly digest: Uint8Array }
  readonly signature: Uint8Array
}

/** Bytes of a timestamp that are read at most; usual are 0.5 to 7 KiB. */
export const MAX_TIMESTAMP_BYTES = 64 * 1024
const MAX_CERTIFICATES = 8
const MAX_ATTRIBUTES = 16
/** PKIStatusInfo: granted, and no words that nobody signed. */
const GRANTED = Uint8Array.of(0x30, 0x03, 0x02, 0x01, 0x00)

function refuse(what: string): never {
  throw new Fault('der', what)
}

function expectOid(reader: DerReader, oid: string, what: string): void {
  if (reader.oid() !== oid) refuse(`${what} is of another type`)
}

function readAccuracy(info: DerReader): number {
  if (!info.next(TAG.sequence)) return 0
  const accuracy = info.enter(TAG.sequence)
  const seconds = accuracy.next(TAG.integer) ? accuracy.count() : 0
  const parts = [0, 1].map((number) => {
    const part = accuracy.takeIf(context(number, false))
    if (part === undefined) return 0
    const value = part.content.reduce((sum, digit) => sum * 256 + digit, 0)
    return part.content.length <= 2 && value > 0 && value < 1000 ? value : refuse('the accuracy is not within a second')
  })
  accuracy.end()
  return seconds * 1000 + (parts[0] ?? 0) + (parts[1] ?? 0) / 1000
}

function readExtensions(info: DerReader): void {
  if (!info.next(context(1, true))) return
  const list = info.enter(context(1, true), 'extensions of the timestamp')
  while (!list.done) {
    const extension = list.enter(TAG.sequence)
    extension.oid()
    if (extension.flag()) refuse('a critical extension of the timestamp is not understood')
    extension.take(TAG.octetString)
    extension.end()
  }
}

function readInfo(bytes: Uint8Array): TimestampInfo {
  const outer = new DerReader(bytes, 'timestamp info')
  const info = outer.enter(TAG.sequence)
  outer.end()
  if (info.count() !== 1) refuse('the timestamp info is not of version 1')
  const policy = info.oid()
  const imprint = info.enter(TAG.sequence, 'imprint')
  const [hash, digest] = [readHash(imprint), imprint.take(TAG.octetString).content]
  imprint.end()
  info.integer(64)
  const genTime = info.time('generalized')
  const accuracy = readAccuracy(info)
  info.flag()
  if (info.next(TAG.integer)) info.integer(64)
  info.takeIf(context(0, true))
  readExtensions(info)
  info.end()
  return { hash, imprint: digest, policy, genTime, accuracy }
}

function readSigningCertificate(value: DerReader): TimestampToken['signingCertificate'] {
  const attribute = value.enter(TAG.sequence, 'signing certificate')
  const list = attribute.enter(TAG.sequence)
  attribute.takeIf(TAG.sequence)
  attribute.end()
  const first = list.enter(TAG.sequence)
  const hash = first.next(TAG.sequence) ? readHash(first) : 'SHA-256'
  const digest = first.take(TAG.octetString).content
  first.takeIf(TAG.sequence)
  first.end()
  return { hash, digest }
}

/** The values of the signed attributes by type, each of them one. */
function readAttributes(list: DerReader): ReadonlyMap<string, DerReader> {
  const found = new Map<string, DerReader>()
  const elements: Uint8Array[] = []
  while (!list.done) {
    const { whole, content } = list.take(TAG.sequence)
    elements.push(whole)
    const attribute = new DerReader(content, 'signed attribute')
    const type = attribute.oid()
    if (found.has(type) || found.size === MAX_ATTRIBUTES)
      refuse('a signed attribute stands twice, or there are too many')
    found.set(type, attribute.enter(TAG.set))
    attribute.end()
  }
  if (!isSorted(elements)) refuse('the signed attributes are not in the order of DER')
  return found
}

type Signed = Pick<TimestampToken, 'messageDigest' | 'signingCertificate'>

function readSigned(attributes: ReadonlyMap<string, DerReader>): Signed {
  const value = (type: string, what: string): DerReader =>
    attributes.get(type) ?? refuse(`no signed attribute: ${what}`)
  const contentType = value(OID.contentType, 'content type')
  expectOid(contentType, OID.timestampInfo, 'the signed content type')
  const digest = value(OID.messageDigest, 'message digest')
  const messageDigest = digest.take(TAG.octetString).content
  const certificate = value(OID.signingCertificateV2, 'signing certificate, version 2')
  const signingCertificate = readSigningCertificate(certificate)
  for (const read of [contentType, digest, certificate]) read.end()
  return { messageDigest, signingCertificate }
}

type SignerInfo = Omit<TimestampToken, 'info' | 'content' | 'certificates'>

function readSignerInfo(set: DerReader): SignerInfo {
  const info = set.enter(TAG.sequence, 'signer info')
  set.end()
  if (info.count() !== 1) refuse('the signer is not named by issuer and serial')
  const named = info.enter(TAG.sequence)
  const signer = [named.take(TAG.sequence).whole, named.take(TAG.integer).whole] as const
  named.end()
  const hash = readHash(info)
  const { content } = info.take(context(0, true))
  const attributes = element(TAG.set, content)
  const signed = readSigned(readAttributes(new DerReader(content, 'signed attributes')))
  const algorithm = readSignatureAlgorithm(info)
  const signature = info.take(TAG.octetString).content
  info.end()
  return { signer, hash, attributes, ...signed, algorithm, signature }
}

function readCertificates(data: DerReader): readonly Uint8Array[] {
  if (!data.next(context(0, true))) return []
  const list = data.enter(context(0, true), 'certificates')
  const certificates: Uint8Array[] = []
  while (!list.done) {
    const { whole } = list.take(TAG.sequence)
    if (certificates.length === MAX_CERTIFICATES) refuse(`more than ${MAX_CERTIFICATES} certificates in the timestamp`)
    if (certificates.some((one) => equalBytes(one, whole))) refuse('a certificate stands in the timestamp twice')
    certificates.push(whole)
  }
  if (certificates.length === 0) refuse('the list of certificates in the timestamp is empty')
  return certificates
}

function readContent(data: DerReader): Uint8Array {
  const encapsulated = data.enter(TAG.sequence)
  expectOid(encapsulated, OID.timestampInfo, 'what is signed')
  const wrapped = encapsulated.enter(context(0, true))
  encapsulated.end()
  const { content } = wrapped.take(TAG.octetString)
  wrapped.end()
  return content
}

function readSignedData(data: DerReader): TimestampToken {
  if (data.count() !== 3) refuse('the signature is not of version 3')
  const hashes = data.enter(TAG.set)
  const hash = readHash(hashes)
  hashes.end()
  const content = readContent(data)
  const certificates = readCertificates(data)
  const signer = readSignerInfo(data.enter(TAG.set))
  data.end()
  if (signer.hash !== hash) refuse('the timestamp names two hash functions')
  return { info: readInfo(content), content, certificates, ...signer }
}

/** Reads a `TimeStampResp`. Nothing is verified. @throws Fault `der`, `algorithm` */
export function readTimestamp(bytes: Uint8Array): TimestampToken {
  if (bytes.length > MAX_TIMESTAMP_BYTES)
    refuse(`a timestamp of ${bytes.length} bytes; at most ${MAX_TIMESTAMP_BYTES} are read`)
  const outer = new DerReader(bytes, 'timestamp')
  const response = outer.enter(TAG.sequence)
  outer.end()
  if (!equalBytes(response.take(TAG.sequence).whole, GRANTED))
    refuse('the status of the timestamp is not "granted" and nothing else')
  const token = response.enter(TAG.sequence)
  response.end()
  expectOid(token, OID.signedData, 'the token')
  const wrapped = token.enter(context(0, true))
  token.end()
  const data = wrapped.enter(TAG.sequence)
  wrapped.end()
  return readSignedData(data)
}

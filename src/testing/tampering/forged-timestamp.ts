/**
 * Timestamps that no authority should issue, signed by the key of one that is trusted.
 *
 * Everything that {@link issueTimestamp} writes can be replaced, so that each rule of the verifier is met by something
 * that breaks it and nothing else.
 */
import { webCryptography, type Signer } from '../../certificate/index.ts'
import { context, TAG } from '../../certificate/timestamp/der.ts'
import { element, generalizedTime, integer, oid, sequence, setOf } from '../../certificate/timestamp/der-writer.ts'
import { OID } from '../../certificate/timestamp/oids.ts'
import { readCertificate } from '../../certificate/timestamp/x509.ts'

/** What is otherwise than it should be. */
export interface Forgery {
  readonly key: Signer
  /** Certificates of the authority in DER, that of the key first. */
  readonly chain: readonly Uint8Array[]
  readonly now: number
  readonly status?: Uint8Array
  /** Members of the info, in their order. */
  readonly info?: (members: Uint8Array[]) => Uint8Array[]
  /** Attributes before they are signed: content type, message digest, signing certificate. */
  readonly attributes?: (attributes: Uint8Array[]) => Uint8Array[]
  /** Keeps the order of the attributes as given. */
  readonly unsorted?: boolean
  readonly certificates?: readonly Uint8Array[]
  /** Members of the signer info. */
  readonly signer?: (members: Uint8Array[]) => Uint8Array[]
  /** Members of the signed data. */
  readonly data?: (members: Uint8Array[]) => Uint8Array[]
}

/** An attribute with one value. */
export function attribute(type: string, value: Uint8Array): Uint8Array {
  return sequence(oid(type), setOf([value]))
}

/** The value of a signing certificate attribute. */
export async function signingCertificate(der: Uint8Array): Promise<Uint8Array> {
  return sequence(sequence(sequence(element(TAG.octetString, await webCryptography.sha256(der)))))
}

const SHA256 = sequence(oid(OID.sha256))
const GRANTED = sequence(integer(0n))
const same = (members: Uint8Array[]): Uint8Array[] => members

async function forgeInfo(signature: Uint8Array, { now, info = same }: Forgery): Promise<Uint8Array> {
  const digest = element(TAG.octetString, await webCryptography.sha256(signature))
  const members = [integer(1n), oid(OID.examplePolicy), sequence(SHA256, digest), integer(9n), generalizedTime(now)]
  return sequence(...info(members))
}

async function forgeSigner(info: Uint8Array, forgery: Forgery): Promise<Uint8Array> {
  const { key, chain, attributes = same, signer = same, unsorted = false } = forgery
  const leaf = chain[0] ?? new Uint8Array()
  const list = attributes([
    attribute(OID.contentType, oid(OID.timestampInfo)),
    attribute(OID.messageDigest, element(TAG.octetString, await webCryptography.sha256(info))),
    attribute(OID.signingCertificateV2, await signingCertificate(leaf)),
  ])
  const write = (tag: number): Uint8Array => (unsorted ? element(tag, ...list) : setOf(list, tag))
  return sequence(
    ...signer([
      integer(1n),
      sequence(...readCertificate(leaf).issuerAndSerial),
      SHA256,
      write(context(0, true)),
      sequence(oid(OID.ecdsaWithSha256)),
      element(TAG.octetString, await key.sign(write(TAG.set))),
    ]),
  )
}

/** A `TimeStampResp` over the signature. */
export async function forgeTimestamp(signature: Uint8Array, forgery: Forgery): Promise<Uint8Array> {
  const { status = GRANTED, data = same, chain } = forgery
  const certificates = forgery.certificates ?? chain.slice(0, 1)
  const info = await forgeInfo(signature, forgery)
  const members = data([
    integer(3n),
    setOf([SHA256]),
    sequence(oid(OID.timestampInfo), element(context(0, true), element(TAG.octetString, info))),
    certificates.length === 0 ? new Uint8Array() : element(context(0, true), ...certificates),
    setOf([await forgeSigner(info, forgery)]),
  ])
  const signed = sequence(oid(OID.signedData), element(context(0, true), sequence(...members)))
  return sequence(status, signed)
}

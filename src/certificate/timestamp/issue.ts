/**
 * The timestamp authority: answers a request with the time, signed.
 *
 * Serial numbers and the time come in; the authority keeps nothing. What leaves here is what {@link verifyTimestamp},
 * `openssl ts`, cosign and `@sigstore/verify` take.
 *
 * Source: RFC 3161 section 2.4.2; RFC 5652 section 5; RFC 5035.
 */
import { Fault, isFault } from '../../base/index.ts'
import { webCryptography } from '../cryptography.ts'
import { concatBytes } from '../encoding.ts'
import type { Signer } from '../keys/signing-key.ts'
import { context, TAG } from './der.ts'
import { element, generalizedTime, integer, oid, sequence, setOf } from './der-writer.ts'
import { OID } from './oids.ts'
import { readTimestampRequest, type TimestampRequest } from './request.ts'
import { readCertificate } from './x509.ts'

/** Who stamps, when, and under which number. */
export interface StampingContext {
  /** P-256 key of the first certificate of the chain. */
  readonly key: Signer
  /** Certificates in DER: that of the key first, the root last. */
  readonly chain: readonly Uint8Array[]
  /** ms since 1970; stamped to the second, rounded down. */
  readonly now: number
  /** Never given twice by one authority; at most 159 bits. */
  readonly serial: bigint
  /** Seconds by which the clock may be off; 1 unless told. */
  readonly accuracySeconds?: number
  /** Policy as hex of its object identifier; that for examples (2.999.1.1) unless told. */
  readonly policy?: string
}

const SHA256 = sequence(oid(OID.sha256))
const ECDSA_SHA256 = sequence(oid(OID.ecdsaWithSha256))
const MAX_SERIAL = 1n << 159n

function writeInfo(
  request: TimestampRequest,
  { now, serial, accuracySeconds = 1, policy }: StampingContext,
): Uint8Array {
  return sequence(
    integer(1n),
    oid(policy ?? OID.examplePolicy),
    request.imprint,
    integer(serial),
    generalizedTime(now),
    sequence(integer(BigInt(accuracySeconds))),
    request.nonce ?? new Uint8Array(0),
  )
}

function attribute(type: string, value: Uint8Array): Uint8Array {
  return sequence(oid(type), setOf([value]))
}

async function writeAttributes(info: Uint8Array, leaf: Uint8Array): Promise<readonly Uint8Array[]> {
  const certificate = sequence(sequence(sequence(element(TAG.octetString, await webCryptography.sha256(leaf)))))
  return [
    attribute(OID.contentType, oid(OID.timestampInfo)),
    attribute(OID.messageDigest, element(TAG.octetString, await webCryptography.sha256(info))),
    attribute(OID.signingCertificateV2, certificate),
  ]
}

async function writeToken(info: Uint8Array, { key, chain }: StampingContext, embed: boolean): Promise<Uint8Array> {
  const [leaf] = chain
  if (leaf === undefined) throw new Fault('certificate', 'the timestamp authority has no certificate')
  const attributes = await writeAttributes(info, leaf)
  const signature = await key.sign(setOf(attributes))
  const signer = sequence(
    integer(1n),
    sequence(...readCertificate(leaf).issuerAndSerial),
    SHA256,
    setOf(attributes, context(0, true)),
    ECDSA_SHA256,
    element(TAG.octetString, signature),
  )
  const data = sequence(
    integer(3n),
    setOf([SHA256]),
    sequence(oid(OID.timestampInfo), element(context(0, true), element(TAG.octetString, info))),
    embed ? setOf([leaf], context(0, true)) : new Uint8Array(0),
    setOf([signer]),
  )
  return sequence(oid(OID.signedData), element(context(0, true), data))
}

/**
 * Answers a `TimeStampReq` with a `TimeStampResp`, both in DER.
 *
 * @throws Fault `bad-request`, `bad-alg`, `bad-data-format`, `unaccepted-policy`, `unaccepted-extension`: the client's,
 * to be answered by {@link refuseTimestamp}; `certificate`, `serial`: ours
 */
export async function issueTimestamp(request: Uint8Array, authority: StampingContext): Promise<Uint8Array> {
  const read = readTimestampRequest(request)
  const policy = authority.policy ?? OID.examplePolicy
  if (read.policy !== undefined && read.policy !== policy)
    throw new Fault('unaccepted-policy', 'the request wants a policy that this authority does not stamp by')
  if (authority.serial < 0n || authority.serial >= MAX_SERIAL)
    throw new Fault('serial', `the serial ${authority.serial} is outside 0 … 2^159-1`)
  const token = await writeToken(writeInfo(read, authority), authority, read.wantsCertificates)
  return sequence(sequence(integer(0n)), token)
}

/** Bits of PKIFailureInfo. */
const FAILURES: Readonly<Record<string, number>> = {
  'bad-alg': 0,
  'bad-request': 2,
  'bad-data-format': 5,
  'unaccepted-policy': 15,
  'unaccepted-extension': 16,
}

/** The refusal (`TimeStampResp` in DER) for a fault of {@link issueTimestamp}; undefined when the fault is not the client's. */
export function refuseTimestamp(fault: unknown): Uint8Array | undefined {
  const bit = isFault(fault) ? FAILURES[fault.code] : undefined
  if (bit === undefined) return undefined
  const bytes = new Uint8Array((bit >> 3) + 1)
  bytes[bit >> 3] = 0x80 >> (bit % 8)
  const unused = Uint8Array.of(7 - (bit % 8))
  return sequence(sequence(integer(2n), element(TAG.bitString, concatBytes(unused, bytes))))
}

/** A `TimeStampReq` without nonce over SHA-256 of some bytes, as cosign writes it: DER. */
export async function requestTimestamp(signed: Uint8Array, wantsCertificates = false): Promise<Uint8Array> {
  const digest = element(TAG.octetString, await webCryptography.sha256(signed))
  const imprint = sequence(sequence(oid(OID.sha256), element(TAG.null)), digest)
  return sequence(
    integer(1n),
    imprint,
    wantsCertificates ? element(TAG.boolean, Uint8Array.of(0xff)) : new Uint8Array(0),
  )
}

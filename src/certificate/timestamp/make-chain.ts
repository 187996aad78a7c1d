/**
 * Makes the certificates of a timestamp authority: a root, and a leaf that may stamp and nothing else.
 *
 * Serials are derived from the keys, so that the same keys get the same serials; two certificates of one key and issuer
 * must not be made.
 *
 * Source: RFC 5280; RFC 3161 section 2.3; RFC 7093 section 2 (key identifiers by SHA-256).
 */
import { webCryptography } from '../cryptography.ts'
import { concatBytes, toUtf8 } from '../encoding.ts'
import { readPublicKey } from '../public-key.ts'
import type { Signer } from '../keys/signing-key.ts'
import { context, TAG } from './der.ts'
import { bitString, certificateTime, element, integer, integerOf, oid, sequence, setOf } from './der-writer.ts'
import { OID } from './oids.ts'

/** What the certificates say. */
export interface ChainRequest {
  /** Signs the leaf and is then no longer needed. */
  readonly root: Signer
  readonly leaf: Pick<Signer, 'publicKeyPem'>
  readonly organization: string
  /** Common name of the leaf; the root's is the same with " root" behind. */
  readonly name: string
  /** ms since 1970. */
  readonly validFrom: number
}

const ECDSA_SHA256 = sequence(oid(OID.ecdsaWithSha256))
const CRITICAL = element(TAG.boolean, Uint8Array.of(0xff))
/** Years for which root and leaf are valid. */
const ROOT_YEARS = 20
const LEAF_YEARS = 10

function addYears(ms: number, years: number): number {
  const date = new Date(Math.floor(ms / 1000) * 1000)
  date.setUTCFullYear(date.getUTCFullYear() + years)
  return date.getTime()
}

function name(organization: string, commonName: string): Uint8Array {
  const part = (type: string, text: string): Uint8Array => setOf([sequence(oid(type), element(TAG.utf8, toUtf8(text)))])
  return sequence(part(OID.organizationName, organization), part(OID.commonName, commonName))
}

function extension(type: string, value: Uint8Array, critical = true): Uint8Array {
  return sequence(oid(type), critical ? CRITICAL : new Uint8Array(0), element(TAG.octetString, value))
}

async function identify(spki: Uint8Array): Promise<Uint8Array> {
  return (await webCryptography.sha256(spki.subarray(-65))).subarray(0, 20)
}

interface Body {
  readonly issuer: Uint8Array
  readonly subject: Uint8Array
  readonly spki: Uint8Array
  readonly validity: readonly [number, number]
  readonly extensions: readonly Uint8Array[]
}

/** A certificate over a body; `serial` 8 bytes of the identity of the key. */
async function sign(by: Signer, { issuer, subject, spki, validity, extensions }: Body): Promise<Uint8Array> {
  const serial = concatBytes(Uint8Array.of(0x01), (await identify(spki)).subarray(0, 8))
  const body = sequence(
    element(context(0, true), integer(2n)),
    integerOf(serial),
    ECDSA_SHA256,
    issuer,
    sequence(...validity.map(certificateTime)),
    subject,
    spki,
    element(context(3, true), sequence(...extensions)),
  )
  return sequence(body, ECDSA_SHA256, bitString(await by.sign(body)))
}

/** Makes leaf and root, in this order, in DER. */
export async function makeTimestampChain(
  request: ChainRequest,
): Promise<readonly [leaf: Uint8Array, root: Uint8Array]> {
  const { root, leaf, organization, validFrom } = request
  const [rootSpki, leafSpki] = [readPublicKey(root.publicKeyPem).spki, readPublicKey(leaf.publicKeyPem).spki]
  const [rootId, leafId] = [await identify(rootSpki), await identify(leafSpki)]
  const issuer = name(organization, `${request.name} root`)
  const keyIdentifier = (id: Uint8Array): Uint8Array =>
    extension(OID.subjectKeyIdentifier, element(TAG.octetString, id), false)
  const issuedBy = extension(OID.authorityKeyIdentifier, sequence(element(context(0, false), rootId)), false)
  const rootCertificate = await sign(root, {
    issuer,
    subject: issuer,
    spki: rootSpki,
    validity: [validFrom, addYears(validFrom, ROOT_YEARS)],
    extensions: [
      extension(OID.basicConstraints, sequence(CRITICAL, integer(0n))),
      extension(OID.keyUsage, element(TAG.bitString, Uint8Array.of(1, 0x06))),
      keyIdentifier(rootId),
    ],
  })
  const leafCertificate = await sign(root, {
    issuer,
    subject: name(organization, request.name),
    spki: leafSpki,
    validity: [validFrom, addYears(validFrom, LEAF_YEARS)],
    extensions: [
      extension(OID.basicConstraints, sequence()),
      extension(OID.keyUsage, element(TAG.bitString, Uint8Array.of(7, 0x80))),
      extension(OID.extendedKeyUsage, sequence(oid(OID.timestamping))),
      keyIdentifier(leafId),
      issuedBy,
    ],
  })
  return [leafCertificate, rootCertificate]
}

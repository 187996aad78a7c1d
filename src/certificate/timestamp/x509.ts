/**
 * Certificates of timestamp authorities: what must be known of them, read strictly.
 *
 * Read are only certificates that the caller trusts (`trusted_root.json`); those inside a timestamp are compared with
 * them byte by byte and never read. An extension that is critical and not understood makes a certificate unusable.
 *
 * Source: RFC 5280 sections 4.1 and 4.2; RFC 3161 section 2.3 (extended key usage of the authority).
 */
import { Fault } from '../../base/index.ts'
import type { Cryptography } from '../cryptography.ts'
import { equalBytes } from '../encoding.ts'
import {
  readAuthorityKey,
  readSignatureAlgorithm,
  verifyBy,
  type AuthorityKey,
  type SignatureAlgorithm,
} from './algorithms.ts'
import { context, DerReader, TAG } from './der.ts'
import { OID } from './oids.ts'

/** See the module. */
export interface Certificate {
  readonly der: Uint8Array
  /** What its issuer signed. */
  readonly signed: Uint8Array
  readonly algorithm: SignatureAlgorithm
  readonly signature: Uint8Array
  /** Issuer and serial as they stand in it, one after another: how a timestamp names it. */
  readonly issuerAndSerial: readonly [issuer: Uint8Array, serial: Uint8Array]
  readonly subject: Uint8Array
  /** ms since 1970, both inclusive. */
  readonly validFrom: number
  readonly validUntil: number
  readonly key: AuthorityKey
  readonly isAuthority: boolean
  /** Certificates that may follow below it; Infinity where it does not say. */
  readonly pathLength: number
  /** First byte of the key usage bits; undefined where it does not say. */
  readonly keyUsage: number | undefined
  readonly extendedUsage: { readonly critical: boolean; readonly purposes: readonly string[] } | undefined
}

const DIGITAL_SIGNATURE = 0x80
const NON_REPUDIATION = 0x40
const CERT_SIGN = 0x04
const MAX_EXTENSIONS = 32

type Extensions = ReadonlyMap<string, { readonly critical: boolean; readonly value: Uint8Array }>

function readExtensions(body: DerReader): Extensions {
  const found = new Map<string, { readonly critical: boolean; readonly value: Uint8Array }>()
  const outer = body.enter(context(3, true), 'extensions')
  const list = outer.enter(TAG.sequence)
  outer.end()
  while (!list.done) {
    const extension = list.enter(TAG.sequence)
    const oid = extension.oid()
    const critical = extension.flag()
    if (found.has(oid) || found.size === MAX_EXTENSIONS)
      throw new Fault('der', 'an extension twice, or too many of them')
    found.set(oid, { critical, value: extension.take(TAG.octetString).content })
    extension.end()
  }
  return found
}

function readBasicConstraints(extensions: Extensions): Pick<Certificate, 'isAuthority' | 'pathLength'> {
  const value = extensions.get(OID.basicConstraints)?.value
  if (value === undefined) return { isAuthority: false, pathLength: Infinity }
  const outer = new DerReader(value, 'basic constraints')
  const constraints = outer.enter(TAG.sequence)
  outer.end()
  const isAuthority = constraints.flag()
  const pathLength = constraints.done ? Infinity : constraints.count()
  constraints.end()
  return { isAuthority, pathLength }
}

function readKeyUsage(extensions: Extensions): number | undefined {
  const value = extensions.get(OID.keyUsage)?.value
  if (value === undefined) return undefined
  const outer = new DerReader(value, 'key usage')
  const { content } = outer.take(TAG.bitString)
  outer.end()
  return content[1] ?? 0
}

function readExtendedUsage(extensions: Extensions): Certificate['extendedUsage'] {
  const extension = extensions.get(OID.extendedKeyUsage)
  if (extension === undefined) return undefined
  const outer = new DerReader(extension.value, 'extended key usage')
  const list = outer.enter(TAG.sequence)
  outer.end()
  const purposes: string[] = []
  while (!list.done) purposes.push(list.oid())
  return { critical: extension.critical, purposes }
}

const UNDERSTOOD: readonly string[] = [OID.basicConstraints, OID.keyUsage, OID.extendedKeyUsage]

function refuseCritical(extensions: Extensions): void {
  for (const [oid, { critical }] of extensions) {
    if (critical && !UNDERSTOOD.includes(oid))
      throw new Fault('der', `a critical extension (object identifier ${oid}) is not understood`)
  }
}

type Body = Omit<Certificate, 'der' | 'signed' | 'algorithm' | 'signature'> & { readonly identifier: Uint8Array }

function readBody(body: DerReader): Body {
  const version = body.enter(context(0, true))
  if (version.count() !== 2) throw new Fault('der', 'the certificate is not of version 3')
  version.end()
  const serial = body.take(TAG.integer).whole
  const identifier = body.take(TAG.sequence).whole
  const issuer = body.take(TAG.sequence).whole
  const validity = body.enter(TAG.sequence)
  const [validFrom, validUntil] = [validity.time(), validity.time()]
  validity.end()
  const subject = body.take(TAG.sequence).whole
  const key = readAuthorityKey(body)
  const extensions = body.done ? new Map() : readExtensions(body)
  body.end()
  refuseCritical(extensions)
  return {
    identifier,
    issuerAndSerial: [issuer, serial],
    subject,
    validFrom,
    validUntil,
    key,
    ...readBasicConstraints(extensions),
    keyUsage: readKeyUsage(extensions),
    extendedUsage: readExtendedUsage(extensions),
  }
}

/** Reads a certificate. @throws Fault `der`, `algorithm` */
export function readCertificate(der: Uint8Array): Certificate {
  const outer = new DerReader(der, 'certificate')
  const certificate = outer.enter(TAG.sequence)
  outer.end()
  const { whole: signed, content } = certificate.take(TAG.sequence)
  const { identifier, ...body } = readBody(new DerReader(content, 'certificate'))
  const { whole: outerIdentifier } = certificate.take(TAG.sequence)
  const algorithm = readSignatureAlgorithm(new DerReader(outerIdentifier, 'certificate'))
  const signature = certificate.bits()
  certificate.end()
  if (algorithm.hash === undefined || !equalBytes(identifier, outerIdentifier))
    throw new Fault('der', 'the certificate names two signature algorithms, or none with its hash function')
  return { der, signed, algorithm, signature, ...body }
}

function mayIssue(issuer: Certificate, below: number): boolean {
  const { isAuthority, pathLength, keyUsage = CERT_SIGN, extendedUsage } = issuer
  const forTime = extendedUsage === undefined || extendedUsage.purposes.includes(OID.timestamping)
  return isAuthority && below <= pathLength && (keyUsage & CERT_SIGN) !== 0 && forTime
}

/** Checks that a certificate is one of a timestamp authority and nothing else. @throws Fault `certificate` */
export function checkStamping({ isAuthority, keyUsage = DIGITAL_SIGNATURE, extendedUsage }: Certificate): void {
  const { critical = false, purposes = [] } = extendedUsage ?? {}
  const alone = critical && purposes.length === 1 && purposes[0] === OID.timestamping
  if (isAuthority || !alone || (keyUsage & (DIGITAL_SIGNATURE | NON_REPUDIATION)) === 0 || (keyUsage & CERT_SIGN) !== 0)
    throw new Fault('certificate', 'the certificate is not for timestamps alone, by a critical extended key usage')
}

/**
 * Checks that each certificate was issued by the next and the last by itself, if it says so.
 *
 * @param chain the leaf first, at least two
 * @throws Fault `certificate`, `algorithm`, `signature-form`
 */
export async function checkChain(chain: readonly Certificate[], cryptography: Cryptography): Promise<void> {
  for (const [index, certificate] of chain.entries()) {
    const next = chain[index + 1]
    const selfSigned = equalBytes(certificate.issuerAndSerial[0], certificate.subject)
    if (next === undefined && !selfSigned) continue
    const issuer = next ?? certificate
    const { algorithm, signature, signed: message } = certificate
    if (
      !equalBytes(certificate.issuerAndSerial[0], issuer.subject) ||
      !mayIssue(issuer, next === undefined ? 0 : index)
    )
      throw new Fault('certificate', `certificate ${index + 1} of the chain was not issued by the next`)
    if (!(await verifyBy(issuer.key, { algorithm, signature, message }, cryptography)))
      throw new Fault('certificate', `certificate ${index + 1} of the chain is not signed by the next`)
  }
}

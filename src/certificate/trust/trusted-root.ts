/**
 * `trusted_root.json`: which logs and which timestamp authorities are trusted, and from when until when.
 *
 * The form is Sigstore's, so that cosign and `@sigstore/verify` take the same file; what we write is as a value what
 * `cosign trusted-root create` makes of the same keys. Read strictly: one version, no unknown members, Ed25519 logs whose
 * id fits host and key, authorities with their chain up to the root. Authorities of keyless signing may stand in the file
 * and are not used: bundles that are signed by certificate are not taken.
 *
 * Source: sigstore/protobuf-specs, `sigstore_trustroot.proto`; measured with cosign 3.1.3 and @sigstore/verify 4.1.3.
 */
import { canonicalJson, Fault, formatTime, isFault, parseStrictJson } from '../../base/index.ts'
import { idOfLog, type TrustedLog } from '../check-log.ts'
import type { Cryptography } from '../cryptography.ts'
import { concatBytes, encodeBase64, equalBytes, fromHex } from '../encoding.ts'
import { Members } from '../members.ts'
import { readSubject, type SubjectName } from '../timestamp/names.ts'
import type { TimestampAuthority } from '../timestamp/verify.ts'
import { readCertificate } from '../timestamp/x509.ts'

/** A log as the file describes it. */
export interface RootLog extends TrustedLog {
  /** `https://` and the host, which is the origin; path and port count for nothing. */
  readonly baseUrl: string
}

/** An authority as the file describes it. */
export interface RootAuthority extends TimestampAuthority {
  /** Where it answers; empty when the file does not say. */
  readonly uri: string
  /** What it calls itself; the subject of the root certificate unless told. */
  readonly subject?: SubjectName
}

/** See the module. */
export interface TrustedRoot {
  readonly logs: readonly RootLog[]
  readonly timestampAuthorities: readonly RootAuthority[]
}

const MEDIA_TYPE = 'application/vnd.dev.sigstore.trustedroot+json;version=0.1'
/** Bytes of a file that are read at most. */
const MAX_BYTES = 1024 * 1024
const ED25519 = fromHex('302a300506032b6570032100')
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/

function refuse(message: string): never {
  throw new Fault('trusted-root', message)
}

function readTime(members: Members, name: string): number | undefined {
  if (!members.has(name)) return undefined
  const text = members.text(name)
  const ms = TIME.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(ms) ? refuse(`${members.where}.${name} is "${text.slice(0, 40)}", not a time in UTC`) : ms
}

function readValidity(validFor: Members): Pick<TrustedLog, 'validFrom' | 'validUntil'> {
  const [validFrom, validUntil] = [readTime(validFor, 'start'), readTime(validFor, 'end')]
  return { ...(validFrom === undefined ? {} : { validFrom }), ...(validUntil === undefined ? {} : { validUntil }) }
}

function readHost(log: Members): { readonly baseUrl: string; readonly origin: string } {
  const baseUrl = log.text('baseUrl')
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  if (url === undefined || !['https:', 'http:'].includes(url.protocol) || url.hostname === '')
    return refuse(`${log.where}.baseUrl is "${baseUrl.slice(0, 100)}", not https:// and a host`)
  return { baseUrl, origin: url.hostname }
}

function readLogKey(log: Members): Omit<TrustedLog, 'origin'> {
  const key = log.members('publicKey', { required: ['rawBytes', 'keyDetails', 'validFor'] })
  key.oneOf('keyDetails', ['PKIX_ED25519'])
  const spki = key.bytes('rawBytes')
  if (spki.length !== ED25519.length + 32 || !equalBytes(spki.subarray(0, ED25519.length), ED25519))
    refuse(`${key.where}.rawBytes is not an Ed25519 public key in DER`)
  const validity = readValidity(key.members('validFor', { required: ['start'], optional: ['end'] }))
  return { publicKey: spki.subarray(ED25519.length), ...validity }
}

async function readLog(log: Members, cryptography: Cryptography): Promise<RootLog> {
  log.oneOf('hashAlgorithm', ['SHA2_256'])
  const read = { ...readHost(log), ...readLogKey(log) }
  const id = await idOfLog(read, cryptography)
  const stated = log.members('logId', { required: ['keyId'] }).bytes('keyId')
  if (!equalBytes(id, stated)) refuse(`${log.where}.logId is not that of the host ${read.origin} and its key`)
  if (
    log.has('checkpointKeyId') &&
    !equalBytes(id, log.members('checkpointKeyId', { required: ['keyId'] }).bytes('keyId'))
  )
    refuse(`${log.where}.checkpointKeyId differs from logId, and tools disagree about which of them counts`)
  return read
}

function readName(authority: Members): SubjectName {
  const name = authority.members('subject', { required: [], optional: ['organization', 'commonName'] })
  const [organization, commonName] = ['organization', 'commonName'].map((part) =>
    name.has(part) ? name.text(part) : '',
  )
  return { organization: organization ?? '', commonName: commonName ?? '' }
}

function readAuthority(authority: Members): RootAuthority {
  const subject = authority.has('subject') ? readName(authority) : undefined
  const chain = authority.members('certChain', { required: ['certificates'] })
  const certificates = chain.each('certificates', { required: ['rawBytes'] }).map((one) => one.bytes('rawBytes'))
  for (const der of certificates) readCertificate(der)
  if (certificates.length < 2) refuse(`${chain.where} holds fewer than two certificates: leaf first, root last`)
  const validity = authority.has('validFor')
    ? readValidity(authority.members('validFor', { required: [], optional: ['start', 'end'] }))
    : {}
  return {
    chain: certificates,
    uri: authority.has('uri') ? authority.text('uri') : '',
    ...validity,
    ...(subject === undefined ? {} : { subject }),
  }
}

async function readRoot(bytes: Uint8Array, cryptography: Cryptography): Promise<TrustedRoot> {
  const root = new Members(parseStrictJson(bytes, { maxBytes: MAX_BYTES }), 'trusted root', {
    required: ['mediaType'],
    optional: ['tlogs', 'timestampAuthorities', 'certificateAuthorities', 'ctlogs'],
  })
  root.oneOf('mediaType', [MEDIA_TYPE])
  const logNames = { required: ['baseUrl', 'hashAlgorithm', 'publicKey', 'logId'], optional: ['checkpointKeyId'] }
  const logs = root.has('tlogs') ? root.each('tlogs', logNames) : []
  const authorityNames = { required: ['certChain'], optional: ['subject', 'uri', 'validFor'] }
  const authorities = root.has('timestampAuthorities') ? root.each('timestampAuthorities', authorityNames) : []
  return {
    logs: await Promise.all(logs.map((log) => readLog(log, cryptography))),
    timestampAuthorities: authorities.map(readAuthority),
  }
}

/** Reads a file. @throws Fault `trusted-root`, which says what is wrong */
export async function readTrustedRoot(bytes: Uint8Array, cryptography: Cryptography): Promise<TrustedRoot> {
  try {
    return await readRoot(bytes, cryptography)
  } catch (thrown) {
    if (!isFault(thrown) || thrown.code === 'trusted-root') throw thrown
    throw new Fault('trusted-root', thrown.message, { cause: thrown })
  }
}

interface Validity {
  readonly start?: string
  readonly end?: string
}

function writeValidity({ validFrom, validUntil }: Pick<TrustedLog, 'validFrom' | 'validUntil'>): Validity {
  return {
    ...(validFrom === undefined ? {} : { start: formatTime(validFrom) }),
    ...(validUntil === undefined ? {} : { end: formatTime(validUntil) }),
  }
}

/**
 * Writes a file, as canonical JSON.
 *
 * @throws Fault `trusted-root` for a log without `validFrom`, which cosign refuses, or at another host than its origin
 */
export async function writeTrustedRoot(
  { logs, timestampAuthorities }: TrustedRoot,
  cryptography: Cryptography,
): Promise<string> {
  const tlogs = await Promise.all(
    logs.map(async (log) => {
      if (!URL.canParse(log.baseUrl) || new URL(log.baseUrl).hostname !== log.origin)
        refuse(`the log ${log.origin} is not at its own host: ${log.baseUrl.slice(0, 100)}`)
      if (log.validFrom === undefined) refuse(`the log ${log.origin} has no time from which its key is valid`)
      const rawBytes = encodeBase64(concatBytes(ED25519, log.publicKey))
      return {
        baseUrl: log.baseUrl,
        hashAlgorithm: 'SHA2_256',
        publicKey: { rawBytes, keyDetails: 'PKIX_ED25519', validFor: writeValidity(log) },
        logId: { keyId: encodeBase64(await idOfLog(log, cryptography)) },
      }
    }),
  )
  const authorities = timestampAuthorities.map((authority) => ({
    subject: authority.subject ?? readSubject(readCertificate(authority.chain.at(-1) ?? new Uint8Array(0)).subject),
    uri: authority.uri,
    certChain: { certificates: authority.chain.map((der) => ({ rawBytes: encodeBase64(der) })) },
    validFor: writeValidity(authority),
  }))
  return canonicalJson({ mediaType: MEDIA_TYPE, tlogs, timestampAuthorities: authorities })
}

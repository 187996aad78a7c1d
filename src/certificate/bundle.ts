/**
 * Sigstore bundle v0.3: the one file in which a signed statement travels.
 *
 * Written by the recipe that cosign, model_signing and `@sigstore/verify` all accept: one signature with an empty
 * `keyid`, the hex key id as hint, standard base64, 64-bit integers as strings, nothing of our own. Read strictly: only
 * members that protobuf-specs knows and that make sense for a managed key, each in the one encoding.
 *
 * A bundle names its key but does not carry it: what proves the key comes from outside.
 * Source: sigstore/protobuf-specs, `sigstore_bundle.proto`; measured against the four tools.
 */
import { canonicalJson, Fault, parseStrictJson } from '../base/index.ts'
import { IN_TOTO_PAYLOAD } from './dsse.ts'
import { derToRaw, derToRawOnAny } from './ecdsa.ts'
import { encodeBase64 } from './encoding.ts'
import { readLogEntry, writeLogEntry, type LogEntry, type LogEntryContent } from './log-entry.ts'
import { Members } from './members.ts'
import { MAX_DOCUMENT_BYTES } from './statement.ts'

/** The one media type that all tools take. */
const BUNDLE_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json'

/** A signed text: DSSE. */
export interface EnvelopeContent {
  readonly kind: 'envelope'
  readonly payload: Uint8Array
  readonly payloadType: string
  /** Empty when the envelope has none. */
  readonly keyid: string
}

/** A bare signature over a file that is not in the bundle, as `cosign sign-blob` makes: it says nothing about the file. */
export interface MessageContent {
  readonly kind: 'message'
  /** SHA-256 of the file, 32 bytes, as the bundle states it. */
  readonly digest: Uint8Array
}

/** A bundle as it was read. Nothing in it has been verified. */
export interface Bundle {
  /** Absent when the bundle names no key. */
  readonly hint?: string
  /** PEM of the key as model_signing wrote it before 1.1; a foreign bundle may carry it, and it proves nothing. */
  readonly embeddedKey?: Uint8Array
  readonly content: EnvelopeContent | MessageContent
  /** DER, as logged and time-stamped. */
  readonly signature: Uint8Array
  /** The same as r‖s, 64 bytes; more in a foreign bundle. */
  readonly rawSignature: Uint8Array
  readonly logEntries: readonly LogEntry[]
  /** RFC 3161 responses in DER. */
  readonly timestamps: readonly Uint8Array[]
}

/** What {@link writeBundle} puts together. */
export interface BundleContent {
  /** Hex key id. */
  readonly keyId: string
  readonly payload: Uint8Array
  /** DER. */
  readonly signature: Uint8Array
  /** Where the statement stands in a log. */
  readonly logEntry?: LogEntryContent
  /** RFC 3161 responses in DER over the signature. */
  readonly timestamps?: readonly Uint8Array[]
}

/** Writes a bundle, as canonical JSON. */
export function writeBundle({ keyId, payload, signature, logEntry, timestamps = [] }: BundleContent): string {
  const rfc3161Timestamps = timestamps.map((timestamp) => ({ signedTimestamp: encodeBase64(timestamp) }))
  return canonicalJson({
    mediaType: BUNDLE_TYPE,
    verificationMaterial: {
      publicKey: { hint: keyId },
      tlogEntries: logEntry === undefined ? [] : [writeLogEntry(logEntry)],
      ...(timestamps.length === 0 ? {} : { timestampVerificationData: { rfc3161Timestamps } }),
    },
    dsseEnvelope: {
      payload: encodeBase64(payload),
      payloadType: IN_TOTO_PAYLOAD,
      signatures: [{ sig: encodeBase64(signature), keyid: '' }],
    },
  })
}

function readTimestamps(material: Members): readonly Uint8Array[] {
  if (!material.has('timestampVerificationData')) return []
  const data = material.members('timestampVerificationData', { required: [], optional: ['rfc3161Timestamps'] })
  if (!data.has('rfc3161Timestamps')) return []
  const timestamps = data.each('rfc3161Timestamps', { required: ['signedTimestamp'] })
  return timestamps.map((timestamp) => timestamp.bytes('signedTimestamp'))
}

/** How to read. */
export interface BundleOptions {
  /** Also take what old releases of model_signing wrote: the key itself, `null` for absent; and larger curves. */
  readonly foreign?: boolean
}

type Material = Pick<Bundle, 'hint' | 'embeddedKey' | 'logEntries' | 'timestamps'>

function readMaterial(material: Members, foreign: boolean): Material {
  if (material.has('certificate') || material.has('x509CertificateChain'))
    throw new Fault(
      'key-method',
      'the bundle is signed by a certificate: neither its chain, nor how long it held, nor the signature is read here; only bundles signed by a public key are',
    )
  if (!material.has('publicKey')) throw new Fault('missing-field', `${material.where} names no key`)
  const key = material.members('publicKey', {
    required: [],
    optional: foreign ? ['hint', 'rawBytes', 'keyDetails'] : ['hint'],
  })
  const entries = material.has('tlogEntries') ? material.list('tlogEntries') : []
  return {
    ...(key.has('hint') ? { hint: key.text('hint') } : {}),
    ...(key.has('rawBytes') ? { embeddedKey: key.bytes('rawBytes') } : {}),
    logEntries: entries.map((entry, index) => readLogEntry(entry, `tlogEntries[${index}]`)),
    timestamps: readTimestamps(material),
  }
}

type Signed = Pick<Bundle, 'content' | 'signature' | 'rawSignature'>

function readEnvelope(envelope: Members, foreign: boolean): Signed {
  const payloadType = envelope.text('payloadType')
  if (payloadType !== IN_TOTO_PAYLOAD)
    throw new Fault('payload-type', `the payload type is "${payloadType.slice(0, 100)}", not "${IN_TOTO_PAYLOAD}"`)
  const signatures = envelope.each('signatures', { required: ['sig'], optional: ['keyid'] })
  const [first] = signatures
  if (signatures.length !== 1 || first === undefined)
    throw new Fault('signature-count', `the envelope has ${signatures.length} signatures; exactly one is taken`)
  const signature = first.bytes('sig')
  const keyid = first.has('keyid') ? first.text('keyid') : ''
  const content = { kind: 'envelope', payload: envelope.bytes('payload'), payloadType, keyid } as const
  return { content, signature, rawSignature: foreign ? derToRawOnAny(signature) : derToRaw(signature) }
}

function readMessage(message: Members): Signed {
  const stated = message.members('messageDigest', { required: ['algorithm', 'digest'] })
  stated.oneOf('algorithm', ['SHA2_256'])
  const digest = stated.bytes('digest')
  if (digest.length !== 32)
    throw new Fault('message-digest', `the digest of the message has ${digest.length} bytes, not 32`)
  const signature = message.bytes('signature')
  return { content: { kind: 'message', digest }, signature, rawSignature: derToRaw(signature) }
}

/**
 * Reads a bundle.
 *
 * @throws Fault `media-type`, `unknown-field`, `missing-field`, `json-type`, `int64-string`, `base64`, `content`,
 * `key-method`, `payload-type`, `signature-count`, `signature-form`, `message-digest`, and those of {@link parseStrictJson}
 */
export function readBundle(bytes: Uint8Array, { foreign = false }: BundleOptions = {}): Bundle {
  const json = parseStrictJson(bytes, { maxBytes: MAX_DOCUMENT_BYTES, dropNulls: foreign })
  const bundle = new Members(json, 'bundle', {
    required: ['mediaType', 'verificationMaterial'],
    optional: ['dsseEnvelope', 'messageSignature'],
  })
  const mediaType = bundle.text('mediaType')
  if (mediaType !== BUNDLE_TYPE)
    throw new Fault('media-type', `the media type is "${mediaType.slice(0, 100)}", not "${BUNDLE_TYPE}"`)
  if (bundle.has('messageSignature') === bundle.has('dsseEnvelope'))
    throw new Fault('content', 'the bundle carries neither or both of a DSSE envelope and a message signature')
  const material = bundle.members('verificationMaterial', {
    required: [],
    optional: ['publicKey', 'certificate', 'x509CertificateChain', 'tlogEntries', 'timestampVerificationData'],
  })
  const read = readMaterial(material, foreign)
  const signed = bundle.has('dsseEnvelope')
    ? readEnvelope(bundle.members('dsseEnvelope', { required: ['payload', 'payloadType', 'signatures'] }), foreign)
    : readMessage(bundle.members('messageSignature', { required: ['messageDigest', 'signature'] }))
  return { ...read, ...signed }
}

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
import { derToRaw } from './ecdsa.ts'
import { encodeBase64 } from './encoding.ts'
import { readLogEntry, type LogEntry } from './log-entry.ts'
import { Members } from './members.ts'
import { MAX_DOCUMENT_BYTES } from './statement.ts'

/** The one media type that all tools take. */
const BUNDLE_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json'

/** A bundle as it was read. Nothing in it has been verified. */
export interface Bundle {
  /** Absent when the bundle names no key. */
  readonly hint?: string
  readonly payload: Uint8Array
  readonly payloadType: string
  /** DER, as logged and time-stamped. */
  readonly signature: Uint8Array
  /** The same as r‖s, 64 bytes. */
  readonly rawSignature: Uint8Array
  /** Empty when the envelope has none. */
  readonly keyid: string
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
}

/** Writes a bundle that is not logged, as canonical JSON. */
export function writeBundle({ keyId, payload, signature }: BundleContent): string {
  return canonicalJson({
    mediaType: BUNDLE_TYPE,
    verificationMaterial: { publicKey: { hint: keyId }, tlogEntries: [] },
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

function readMaterial(material: Members): Pick<Bundle, 'hint' | 'logEntries' | 'timestamps'> {
  if (!material.has('publicKey') || material.has('certificate') || material.has('x509CertificateChain'))
    throw new Fault('key-method', 'the bundle is signed by a certificate; only bundles signed by a public key are read')
  const key = material.members('publicKey', { required: [], optional: ['hint'] })
  const entries = material.has('tlogEntries') ? material.list('tlogEntries') : []
  return {
    ...(key.has('hint') ? { hint: key.text('hint') } : {}),
    logEntries: entries.map((entry, index) => readLogEntry(entry, `tlogEntries[${index}]`)),
    timestamps: readTimestamps(material),
  }
}

function readEnvelope(envelope: Members): Omit<Bundle, 'hint' | 'logEntries' | 'timestamps'> {
  const payloadType = envelope.text('payloadType')
  if (payloadType !== IN_TOTO_PAYLOAD)
    throw new Fault('payload-type', `the payload type is "${payloadType.slice(0, 100)}", not "${IN_TOTO_PAYLOAD}"`)
  const signatures = envelope.each('signatures', { required: ['sig'], optional: ['keyid'] })
  const [first] = signatures
  if (signatures.length !== 1 || first === undefined)
    throw new Fault('signature-count', `the envelope has ${signatures.length} signatures; exactly one is taken`)
  const signature = first.bytes('sig')
  const keyid = first.has('keyid') ? first.text('keyid') : ''
  return { payload: envelope.bytes('payload'), payloadType, signature, rawSignature: derToRaw(signature), keyid }
}

/**
 * Reads a bundle.
 *
 * @throws Fault `media-type`, `unknown-field`, `missing-field`, `json-type`, `int64-string`, `base64`, `content`,
 * `key-method`, `payload-type`, `signature-count`, `signature-form`, and those of {@link parseStrictJson}
 */
export function readBundle(bytes: Uint8Array): Bundle {
  const bundle = new Members(parseStrictJson(bytes, { maxBytes: MAX_DOCUMENT_BYTES }), 'bundle', {
    required: ['mediaType', 'verificationMaterial'],
    optional: ['dsseEnvelope', 'messageSignature'],
  })
  const mediaType = bundle.text('mediaType')
  if (mediaType !== BUNDLE_TYPE)
    throw new Fault('media-type', `the media type is "${mediaType.slice(0, 100)}", not "${BUNDLE_TYPE}"`)
  if (bundle.has('messageSignature') || !bundle.has('dsseEnvelope'))
    throw new Fault(
      'content',
      'the bundle carries no DSSE envelope; a bare message signature says nothing about a model',
    )
  const material = bundle.members('verificationMaterial', {
    required: [],
    optional: ['publicKey', 'certificate', 'x509CertificateChain', 'tlogEntries', 'timestampVerificationData'],
  })
  const envelope = bundle.members('dsseEnvelope', { required: ['payload', 'payloadType', 'signatures'] })
  return { ...readMaterial(material), ...readEnvelope(envelope) }
}

/**
 * A statement that several sign: one DSSE document with all signatures, and for each signer a bundle of its own.
 *
 * Everybody signs the same canonical bytes. The document is what a quorum is counted on; the bundles, which hold one
 * signature each because the format allows no more, are what is logged, stamped and given to foreign verifiers. The
 * document is put together from the bundles and can be taken apart into them again.
 *
 * In the document `keyid` is the hex key id and nothing else; it says where to look and proves nothing.
 * Source: DSSE 1.0.2, protocol.md ("(t, n)-DSSE"); RFC 8785.
 */
import { canonicalJson, Fault, parseStrictJson } from '../../base/index.ts'
import { readBundle, writeBundle, type Bundle } from '../bundle.ts'
import { IN_TOTO_PAYLOAD } from '../dsse.ts'
import { derToRaw } from '../ecdsa.ts'
import { encodeBase64, equalBytes, toUtf8 } from '../encoding.ts'
import { Members } from '../members.ts'
import { MAX_DOCUMENT_BYTES } from '../statement.ts'

/** One signature of several. Nothing in it has been verified. */
export interface JointSignature {
  /** Hex key id. */
  readonly keyId: string
  /** DER. */
  readonly signature: Uint8Array
  /** The same as r‖s, 64 bytes. */
  readonly rawSignature: Uint8Array
}

/** What several signed. */
export interface JointStatement {
  /** Canonical JSON of the statement. */
  readonly payload: Uint8Array
  readonly signatures: readonly JointSignature[]
}

const MAX_SIGNATURES = 64
const HEX = /^[0-9a-f]{64}$/

function checkCount(signatures: number): void {
  if (signatures === 0 || signatures > MAX_SIGNATURES)
    throw new Fault('signature-count', `there are ${signatures} signatures; 1 to ${MAX_SIGNATURES} are taken`)
}

function readSignature(entry: Members): JointSignature {
  const keyId = entry.text('keyid')
  if (!HEX.test(keyId)) throw new Fault('keyid', `${entry.where}.keyid is not a key id of 64 hex digits`)
  const signature = entry.bytes('sig')
  return { keyId, signature, rawSignature: derToRaw(signature) }
}

/** Refuses a payload that is not its own canonical form: two signers could else sign two texts of one meaning. */
function checkCanonical(payload: Uint8Array): void {
  parseStrictJson(payload, { maxBytes: MAX_DOCUMENT_BYTES })
  const written = canonicalJson(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)))
  if (!equalBytes(toUtf8(written), payload))
    throw new Fault('not-canonical', 'the payload is not canonical JSON; joint statements are signed in that form only')
}

/**
 * Reads the document.
 *
 * @throws Fault `payload-type`, `keyid`, `signature-form`, `signature-count`, `not-canonical`, and those of
 * {@link Members} and {@link parseStrictJson}
 */
export function readJointStatement(bytes: Uint8Array): JointStatement {
  const document = new Members(parseStrictJson(bytes, { maxBytes: MAX_DOCUMENT_BYTES }), 'document', {
    required: ['payload', 'payloadType', 'signatures'],
  })
  const payloadType = document.text('payloadType')
  if (payloadType !== IN_TOTO_PAYLOAD)
    throw new Fault('payload-type', `the payload type is "${payloadType.slice(0, 100)}", not "${IN_TOTO_PAYLOAD}"`)
  checkCount(document.list('signatures').length)
  const payload = document.bytes('payload')
  checkCanonical(payload)
  return { payload, signatures: document.each('signatures', { required: ['sig', 'keyid'] }).map(readSignature) }
}

/** Writes the document as canonical JSON, signatures by key id. */
export function writeJointStatement({ payload, signatures }: JointStatement): string {
  const sorted = signatures.toSorted((a, b) => (a.keyId < b.keyId ? -1 : 1))
  return canonicalJson({
    payload: encodeBase64(payload),
    payloadType: IN_TOTO_PAYLOAD,
    signatures: sorted.map(({ keyId, signature }) => ({ keyid: keyId, sig: encodeBase64(signature) })),
  })
}

function readEnvelope(bytes: Uint8Array): Pick<Bundle, 'hint' | 'signature'> & { readonly payload: Uint8Array } {
  const { hint, signature, content } = readBundle(bytes)
  if (content.kind !== 'envelope')
    throw new Fault('content', 'a bundle carries a bare signature and no statement, so there is nothing to join')
  return { ...(hint === undefined ? {} : { hint }), signature, payload: content.payload }
}

/**
 * Puts a document together from bundles of one signer each.
 *
 * @throws Fault `joint-differs` when they are not over the same bytes, `hint` when one does not name its key,
 * `content` for a bare signature, `signature-count` without any or with too many, `not-canonical`, and those of
 * {@link readBundle} and {@link parseStrictJson}
 */
export function joinBundles(files: readonly Uint8Array[]): JointStatement {
  checkCount(files.length)
  const bundles = files.map(readEnvelope)
  const payload = bundles[0]?.payload ?? new Uint8Array()
  checkCanonical(payload)
  const signatures = bundles.map(({ hint = '', payload: own, signature }) => {
    if (!equalBytes(own, payload))
      throw new Fault('joint-differs', `the bundle of ${hint.slice(0, 64)} is over other bytes than the first`)
    if (!HEX.test(hint)) throw new Fault('hint', 'a bundle does not name its key by the hex key id')
    return { keyId: hint, signature, rawSignature: derToRaw(signature) }
  })
  return { payload, signatures }
}

/** One bundle for each signer, by key id. */
export function splitJointStatement({ payload, signatures }: JointStatement): ReadonlyMap<string, string> {
  return new Map(signatures.map(({ keyId, signature }) => [keyId, writeBundle({ keyId, payload, signature })]))
}

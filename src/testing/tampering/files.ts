/** Tampering with the file, the envelope and the signature. */
import { derToRaw } from '../../certificate/ecdsa.ts'
import { makeSigner } from '../publication.ts'
import { tampering, type Tampering } from './tampering.ts'
import type { Editable } from './world.ts'

const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64')
const signatureOf = (bundle: Editable): Buffer => bytesOf(bundle.dsseEnvelope.signatures[0].sig)

function setSignature(bundle: Editable, bytes: Uint8Array): void {
  bundle.dsseEnvelope.signatures[0].sig = Buffer.from(bytes).toString('base64')
}

/** DER of two integers as given. */
function derOf(r: Uint8Array, s: Uint8Array): Buffer {
  const integer = (value: Uint8Array): Buffer => Buffer.concat([Buffer.from([2, value.length]), value])
  const body = Buffer.concat([integer(r), integer(s)])
  return Buffer.concat([Buffer.from([0x30, body.length]), body])
}

/** The catalogue. */
export const FILE_TAMPERINGS: readonly Tampering[] = [
  tampering('byte-order mark before the file', 'json', ({ bundle }) => `\ufeff${bundle}`),
  tampering('two bundles in one file', 'json', ({ bundle }) => bundle + bundle),
  tampering('comment in the file', 'json', ({ bundle }) => `/* fine */${bundle}`),
  tampering('comma at the end', 'json', ({ bundle }) => bundle.replace(/\}$/, ',}')),
  tampering('file cut off', 'json', ({ bundle }) => bundle.slice(0, -1)),
  tampering('bytes that are no UTF-8', 'bad-utf8', ({ bundle }) =>
    Buffer.concat([Buffer.from(bundle.slice(0, -1)), Buffer.from([0xff]), Buffer.from('}')]),
  ),
  tampering('signature member twice', 'duplicate-key', ({ bundle }) =>
    bundle.replace('{"keyid":', '{"sig":"AA==","keyid":'),
  ),
  tampering('member twice by an escape', 'duplicate-key', ({ bundle }) =>
    bundle.replace('"payload":', '"payl\\u006fad":"e30=","payload":'),
  ),
  tampering('member __proto__', 'unknown-field', ({ bundle }) => bundle.replace('{', '{"__proto__":{},')),
  tampering('member in capitals', 'unknown-field', ({ bundle }) => bundle.replace('"mediaType"', '"MediaType"')),
  tampering('media type with a space behind', 'media-type', ({ edit }) => edit((b) => (b.mediaType += ' '))),
  tampering('no verification material', 'missing-field', ({ edit }) => edit((b) => delete b.verificationMaterial)),
  tampering('nested ten thousand levels deep', 'json-limit', ({ bundle }) =>
    bundle.replace('"tlogEntries":', `"tlogEntries":${'['.repeat(10_000)}${']'.repeat(10_000)},"x":`),
  ),
  tampering('envelope and message signature', 'content', ({ edit }) =>
    edit((b) => {
      const { sig } = b.dsseEnvelope.signatures[0]
      b.messageSignature = { messageDigest: { algorithm: 'SHA2_256', digest: `${'A'.repeat(43)}=` }, signature: sig }
    }),
  ),
  tampering('neither envelope nor message signature', 'content', ({ edit }) => edit((b) => delete b.dsseEnvelope)),
  tampering('envelope passed off as a message signature', 'predicate-type', ({ edit }) =>
    edit((b) => {
      const { canonicalizedBody } = b.verificationMaterial.tlogEntries[0]
      const { digest } = JSON.parse(bytesOf(canonicalizedBody).toString()).spec.hashedRekordV002.data
      const { sig } = b.dsseEnvelope.signatures[0]
      delete b.dsseEnvelope
      b.messageSignature = { messageDigest: { algorithm: 'SHA2_256', digest }, signature: sig }
    }),
  ),
  tampering('certificate beside the key', 'key-method', ({ edit }) =>
    edit((b) => (b.verificationMaterial.certificate = { rawBytes: 'MAA=' })),
  ),
  tampering('certificate in place of the key', 'key-method', ({ edit }) =>
    edit((b) => {
      delete b.verificationMaterial.publicKey
      b.verificationMaterial.certificate = { rawBytes: 'MAA=' }
    }),
  ),
  tampering('key in the bundle', 'unknown-field', ({ edit }) =>
    edit((b) => (b.verificationMaterial.publicKey.rawBytes = 'MAA=')),
  ),
  tampering('empty hint', 'hint', ({ edit }) => edit((b) => (b.verificationMaterial.publicKey.hint = ''))),
  tampering('hint in capitals', 'hint', ({ edit }) =>
    edit((b) => (b.verificationMaterial.publicKey.hint = b.verificationMaterial.publicKey.hint.toUpperCase())),
  ),
  tampering('keyid with a zero byte', 'keyid', ({ edit }) => edit((b) => (b.dsseEnvelope.signatures[0].keyid = '\0'))),
  tampering('no signature', 'signature-count', ({ edit }) => edit((b) => (b.dsseEnvelope.signatures = []))),
  tampering('good signature, then one of a stranger', 'signature-count', ({ edit }) =>
    edit((b) => b.dsseEnvelope.signatures.push({ keyid: '', sig: 'MAYCAQECAQE=' })),
  ),
  tampering('unknown member beside the signature', 'unknown-field', ({ edit }) =>
    edit((b) => (b.dsseEnvelope.signatures[0].cert = 'MAA=')),
  ),
  tampering('empty signature', 'signature-form', ({ edit }) => edit((b) => setSignature(b, Buffer.alloc(0)))),
  tampering('signature as r and s without DER', 'signature-form', ({ edit }) =>
    edit((b) => setSignature(b, derToRaw(signatureOf(b)))),
  ),
  tampering('byte behind the signature', 'signature-form', ({ edit }) =>
    edit((b) => setSignature(b, Buffer.concat([signatureOf(b), Buffer.from([0])]))),
  ),
  tampering('integer of the signature padded', 'signature-form', ({ edit }) =>
    edit((b) => {
      const raw = derToRaw(signatureOf(b))
      setSignature(b, derOf(Buffer.concat([Buffer.from([0, 0]), raw.subarray(0, 32)]), raw.subarray(32)))
    }),
  ),
  tampering('r and s zero', 'signature-form', ({ edit }) =>
    edit((b) => setSignature(b, derOf(Buffer.from([0]), Buffer.from([0])))),
  ),
  tampering('length of the signature in two bytes', 'signature-form', ({ edit }) =>
    edit((b) => setSignature(b, Buffer.concat([Buffer.from([0x30, 0x81]), signatureOf(b).subarray(1)]))),
  ),
  tampering('empty payload', 'signature', ({ edit }) => edit((b) => (b.dsseEnvelope.payload = ''))),
  tampering('payload with a line break in its base64', 'base64', ({ edit }) =>
    edit(
      (b) => (b.dsseEnvelope.payload = `${b.dsseEnvelope.payload.slice(0, 64)}\n${b.dsseEnvelope.payload.slice(64)}`),
    ),
  ),
  tampering('unused bits of base64 set', 'base64', ({ edit }) =>
    edit(({ verificationMaterial: { tlogEntries } }) => {
      const { logId } = tlogEntries[0]
      const last = logId.keyId.charCodeAt(42)
      logId.keyId = `${logId.keyId.slice(0, 42)}${String.fromCharCode(last + 1)}=`
    }),
  ),
  tampering('payload type with a parameter', 'payload-type', ({ edit }) =>
    edit((b) => (b.dsseEnvelope.payloadType += '; charset=utf-8')),
  ),
  tampering('signature of a stranger over the same payload, logged and stamped', 'signature', ({ issue }) =>
    issue({ signer: makeSigner() }),
  ),
]

/**
 * Manifests of model_signing 0.2, which are read only when they are asked for.
 *
 * That release listed the files as subjects of the statement, without naming its method, and signed something else than
 * its envelope says: the prefix `DSSEV1`, then the payload as Python prints bytes (`b'…'`). Nothing says whether files
 * are missing from the list, so the format proves less than its successor.
 *
 * Source: measured with model_signing 1.1.1, which still reads it; Python's `repr` of bytes.
 */
import { Fault, isStrictObject, parseStrictJson, type StrictJson } from '../../base/index.ts'
import type { Bundle } from '../bundle.ts'
import type { Cryptography } from '../cryptography.ts'
import { concatBytes, fromHex, toHex, toUtf8 } from '../encoding.ts'
import { MAX_DOCUMENT_BYTES, type StatementRead } from '../statement.ts'
import { OMS_TYPE } from './oms.ts'

const LEGACY_TYPE = 'https://model_signing/Digests/v0.1'
/** Escapes of Python; other bytes outside ASCII's printable ones become `\xNN`. */
const NAMED = new Map([
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x5c, '\\\\'],
])
const QUOTE = 0x27
const DOUBLE_QUOTE = 0x22

/** Bytes as Python prints them. @example printLikePython(new TextEncoder().encode('a\n')) // "b'a\\n'" */
export function printLikePython(bytes: Uint8Array): string {
  const delimiter = bytes.includes(QUOTE) && !bytes.includes(DOUBLE_QUOTE) ? '"' : "'"
  const parts = Array.from(bytes, (byte) => {
    const named = NAMED.get(byte) ?? (byte === QUOTE && delimiter === "'" ? "\\'" : undefined)
    if (named !== undefined) return named
    return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`
  })
  return `b${delimiter}${parts.join('')}${delimiter}`
}

/** What model_signing 0.2 signed in the place of the pre-authentication encoding. */
export function legacyEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  return toUtf8(`DSSEV1 ${payloadType.length} ${payloadType} ${payload.length} ${printLikePython(payload)}`)
}

/** The bytes that model_signing 0.2 signed, when the bundle has an envelope. */
export function findLegacySigned({ content }: Bundle): Uint8Array | undefined {
  return content.kind === 'envelope' ? legacyEncoding(content.payloadType, content.payload) : undefined
}

function refuse(what: string): never {
  throw new Fault('oms-member', `a manifest of model_signing 0.2: ${what}`)
}

function readSubject(subject: StrictJson): { readonly name: string; readonly sha256: string } {
  if (!isStrictObject(subject)) return refuse('a subject is no object')
  const [name, digests] = [subject.get('name'), subject.get('digest')]
  const sha256 = isStrictObject(digests) ? digests.get('sha256') : undefined
  if (typeof name !== 'string' || typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256))
    return refuse('a subject has no name or no sha256')
  return { name, sha256 }
}

function toPredicate(files: readonly { readonly name: string; readonly sha256: string }[]): StrictJson {
  const serialization = { method: 'files', hash_type: 'sha256', allow_symlinks: false }
  const resources = files.map(
    ({ name, sha256 }) => new Map(Object.entries({ name, digest: sha256, algorithm: 'sha256' })),
  )
  return new Map<string, StrictJson>([
    ['serialization', new Map<string, StrictJson>(Object.entries(serialization))],
    ['resources', resources],
  ])
}

/** True for the payload of such a manifest. */
export function isLegacyPayload(payload: Uint8Array): boolean {
  const value = parseStrictJson(payload, { maxBytes: MAX_DOCUMENT_BYTES })
  return isStrictObject(value) && value.get('predicateType') === LEGACY_TYPE
}

/** Reads the payload as if it were of version 1.0: the same files, the root that they have. @throws Fault `oms-member` */
export async function readLegacy(payload: Uint8Array, cryptography: Cryptography): Promise<StatementRead> {
  const value = parseStrictJson(payload, { maxBytes: MAX_DOCUMENT_BYTES })
  const subjects = isStrictObject(value) ? value.get('subject') : undefined
  if (!Array.isArray(subjects)) return refuse('it has no list of subjects')
  const files = (subjects as readonly StrictJson[]).map(readSubject)
  const digests = files.map(({ sha256 }) => fromHex(sha256))
  const root = toHex(
    await cryptography.sha256(digests.length > 10_000 ? refuse('more than 10,000 files') : concatBytes(...digests)),
  )
  const subject = { name: 'a model signed by model_signing 0.2', digest: new Map([['sha256', root]]) }
  return { subject, predicateType: OMS_TYPE, predicate: toPredicate(files) }
}

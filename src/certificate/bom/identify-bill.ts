/**
 * From a bill of materials back to the model: which files it lists, and which model that is.
 *
 * The identity is computed from the files that the bill lists, and the one that it claims is held against it; so a bill
 * can be checked against a model, or against a certificate, without the tool that wrote it. Bills of others are read too,
 * as far as they list files with SHA-256 the same way and hold no fractions or null, which the strict reader refuses.
 *
 * Guarantee: throws nothing but Fault; a bill that lists a name twice, or a file without SHA-256, has no identity.
 * Source: CycloneDX 1.6 and 1.7, `metadata.component.components`; SPDX 3.0.1, `software_File` and `verifiedUsing`.
 */
import {
  dirHash,
  Fault,
  isSha256,
  isStrictObject,
  omsRoot,
  parseStrictJson,
  type ManifestFile,
  type StrictJson,
  type StrictObject,
} from '../../base/index.ts'
import { MODEL_ID_PROPERTY } from './cyclonedx.ts'

/** Bytes of a bill that are read at most. */
export const LARGEST_BILL = 64 * 1024 * 1024

/** What a bill says a model is. */
export interface BilledIdentity {
  readonly format: 'CycloneDX' | 'SPDX'
  readonly files: readonly ManifestFile[]
  /** Computed from the files. */
  readonly modelId: string
  readonly digests: { readonly sha256: string; readonly dirHash: string }
  /** What the bill itself says; null when it says nothing. */
  readonly claimed: string | null
}

function refuse(message: string): never {
  throw new Fault('bill', message)
}

function member(value: StrictJson | undefined, name: string): StrictJson | undefined {
  return isStrictObject(value) ? value.get(name) : undefined
}

function objectsIn(value: StrictJson | undefined): readonly StrictObject[] {
  return Array.isArray(value) ? (value as readonly StrictJson[]).filter(isStrictObject) : []
}

function fileOf(name: StrictJson | undefined, digest: StrictJson | undefined): ManifestFile {
  if (typeof name !== 'string' || name === '') return refuse('the bill lists a file without a name')
  if (typeof digest !== 'string' || !isSha256(digest.toLowerCase()))
    return refuse(`the bill has no SHA-256 of ${JSON.stringify(name.slice(0, 100))}`)
  return { path: name, sha256: digest.toLowerCase() }
}

function readCycloneDx(bill: StrictJson): Pick<BilledIdentity, 'files' | 'claimed'> {
  const model = member(member(bill, 'metadata'), 'component')
  const files = objectsIn(member(model, 'components')).filter((part) => part.get('type') === 'file')
  const claimed = objectsIn(member(model, 'properties')).find((one) => one.get('name') === MODEL_ID_PROPERTY)
  const value = claimed?.get('value')
  return {
    files: files.map((file) => {
      const hash = objectsIn(file.get('hashes')).find((one) => one.get('alg') === 'SHA-256')
      return fileOf(file.get('name'), hash?.get('content'))
    }),
    claimed: typeof value === 'string' ? value : null,
  }
}

/** Ids of the parts that a relationship says the root contains. */
function containedIn(graph: readonly StrictObject[], root: StrictJson | undefined): ReadonlySet<StrictJson> {
  const links = graph.filter((one) => one.get('relationshipType') === 'contains' && one.get('from') === root)
  return new Set(links.flatMap((link) => link.get('to') ?? []))
}

function readSpdx(bill: StrictJson): Pick<BilledIdentity, 'files' | 'claimed'> {
  const graph = objectsIn(member(bill, '@graph'))
  const document = graph.find((one) => one.get('type') === 'SpdxDocument')
  const roots = document?.get('rootElement')
  const [root] = Array.isArray(roots) ? (roots as readonly StrictJson[]) : []
  const contained = containedIn(graph, root)
  const files = graph.filter((one) => one.get('type') === 'software_File' && contained.has(one.get('spdxId') ?? ''))
  const model = graph.find((one) => one.get('spdxId') === root)
  const ids = objectsIn(model?.get('externalIdentifier')).map((one) => one.get('identifier'))
  const claimed = ids.find((id) => typeof id === 'string' && id.startsWith('tw1:'))
  return {
    files: files.map((file) => {
      const hash = objectsIn(file.get('verifiedUsing')).find((one) => one.get('algorithm') === 'sha256')
      return fileOf(file.get('name'), hash?.get('hashValue'))
    }),
    claimed: typeof claimed === 'string' ? claimed : null,
  }
}

function formatOf(bill: StrictJson): BilledIdentity['format'] {
  if (member(bill, 'bomFormat') === 'CycloneDX') return 'CycloneDX'
  const context = member(bill, '@context')
  if (typeof context === 'string' && context.startsWith('https://spdx.org/rdf/3.')) return 'SPDX'
  return refuse('the file is neither CycloneDX JSON nor SPDX 3 JSON-LD')
}

/**
 * Reads which model a bill is of.
 *
 * @throws Fault `bill`; `bill-identity` when the files are not those of the model that it claims; those of
 * {@link parseStrictJson} and `dirHash`
 */
export function identifyBill(bytes: Uint8Array): BilledIdentity {
  const bill = parseStrictJson(bytes, { maxBytes: LARGEST_BILL })
  const format = formatOf(bill)
  const { files, claimed } = format === 'CycloneDX' ? readCycloneDx(bill) : readSpdx(bill)
  if (files.length === 0) refuse('the bill lists no file of the model')
  if (new Set(files.map(({ path }) => path)).size !== files.length) refuse('the bill lists a file name twice')
  const hash = dirHash(files)
  const modelId = `tw1:${hash}`
  if (claimed !== null && claimed !== modelId)
    throw new Fault('bill-identity', `the bill calls the model ${claimed.slice(0, 80)}; its files are ${modelId}`)
  return { format, files, modelId, digests: { sha256: omsRoot(files), dirHash: hash }, claimed }
}

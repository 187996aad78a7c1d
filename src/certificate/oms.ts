/**
 * Manifests of OpenSSF Model Signing 1.0: the files of a model by name and digest.
 *
 * Written in code-point order of the names and without `ignore_paths`. Read in any order, because the reference tool
 * sorts otherwise than its specification; the root of the subject is recomputed over the order as signed, and a model
 * is compared by names and digests, since the root alone does not bind names.
 *
 * Source: OpenSSF Model Signing 1.0, sections 5.2, 6.5; measured with model_signing 1.1.1.
 */
import {
  compareCodePoints,
  Fault,
  isStrictObject,
  isSha256,
  omsPreimage,
  omsRoot,
  type ManifestFile,
  type StrictJson,
} from '../base/index.ts'
import type { Cryptography } from './cryptography.ts'
import { toHex } from './encoding.ts'
import { STATEMENT_TYPE, type Statement, type StatementRead } from './statement.ts'

/** Type of the predicate. */
export const OMS_TYPE = 'https://model_signing/signature/v1.0'

/** The predicate as we write it. */
export interface OmsPredicate {
  readonly resources: readonly { readonly name: string; readonly digest: string; readonly algorithm: 'sha256' }[]
  readonly serialization: { readonly method: 'files'; readonly hash_type: 'sha256'; readonly allow_symlinks: false }
}

/** The statement over a list of files. @throws Fault like `omsRoot` */
export function buildOmsStatement(name: string, files: readonly ManifestFile[]): Statement<OmsPredicate> {
  const root = omsRoot(files)
  const sorted = files.toSorted((a, b) => compareCodePoints(a.path, b.path))
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name, digest: { sha256: root } }],
    predicateType: OMS_TYPE,
    predicate: {
      resources: sorted.map((file) => ({ name: file.path, digest: file.sha256, algorithm: 'sha256' })),
      serialization: { method: 'files', hash_type: 'sha256', allow_symlinks: false },
    },
  }
}

function at(value: StrictJson | undefined, name: string): StrictJson | undefined {
  if (!isStrictObject(value)) throw new Fault('oms-member', `the object that should hold "${name}" is none`)
  return value.get(name)
}

function isSafeName(name: string): boolean {
  if (name === '' || !name.isWellFormed() || /[\u0000-\u001f\u007f\\]/.test(name)) return false
  return name.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
}

function readResource(resource: StrictJson): ManifestFile {
  const [name, digest, algorithm] = ['name', 'digest', 'algorithm'].map((member) => at(resource, member))
  if (typeof name !== 'string' || !isSafeName(name))
    throw new Fault('oms-name', `${JSON.stringify(name)?.slice(0, 100)} is not a safe relative file name`)
  if (algorithm !== 'sha256')
    throw new Fault('oms-method', `${name} is not hashed with sha256; nothing else is recomputed`)
  if (typeof digest !== 'string' || !isSha256(digest))
    throw new Fault('oms-member', `${name} has no SHA-256 in lower-case hex`)
  return { path: name, sha256: digest }
}

/**
 * Reads the predicate of a statement and holds the root of the subject against it; members that are not known are
 * passed over, as the specification of this foreign format wants.
 *
 * @returns the files in the order as signed
 * @throws Fault `oms-member`, `oms-method`, `oms-name`, `oms-root`
 */
export async function readOms(statement: StatementRead, cryptography: Cryptography): Promise<readonly ManifestFile[]> {
  const serialization = at(statement.predicate, 'serialization')
  const method = at(serialization, 'method')
  if (method !== 'files')
    throw new Fault('oms-method', `the manifest is by ${JSON.stringify(method)}; only whole files are recomputed`)
  const resources = at(statement.predicate, 'resources')
  if (!Array.isArray(resources)) throw new Fault('oms-member', 'the predicate has no list of resources')
  const files = (resources as readonly StrictJson[]).map(readResource)
  const names = new Set(files.map((file) => file.path))
  if (names.size !== files.length) throw new Fault('oms-name', 'a file name stands twice among the resources')
  const root = toHex(await cryptography.sha256(omsPreimage(files.map((file) => file.sha256))))
  if (root !== statement.subject.digest.get('sha256'))
    throw new Fault(
      'oms-root',
      `the digest of the subject is not that of the ${files.length} resources, which is ${root}`,
    )
  return files
}

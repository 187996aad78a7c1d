/**
 * Reads manifests of OpenSSF Model Signing, ours and those of others.
 *
 * The order of the resources is taken as signed, because the reference tool sorts otherwise than its specification: the
 * root of the subject is recomputed over that order. The root binds no names, so a model is compared by names and
 * digests. Members of the predicate that are not known are passed over, as the specification wants.
 *
 * Guarantee: names are safe and differ, digests have the length of their hash, shards cover their files without gap.
 * Source: OpenSSF Model Signing 1.0, sections 5 and 6; what the reference writes was measured with model_signing 1.1.1.
 */
import { Fault, isStrictObject, type StrictJson } from '../../base/index.ts'
import type { Cryptography } from '../cryptography.ts'
import { fromHex, toHex } from '../encoding.ts'
import type { StatementRead } from '../statement.ts'
import { checkTwins, ensureSafeName, parseShardName } from './names.ts'
import type { OmsHash, OmsManifest, Resource } from './oms.ts'
import { checkShards } from './shards.ts'

/** What the reference tool calls each hash: it writes `blake2b` and reads `blake2`. */
const HASHES: ReadonlyMap<StrictJson | undefined, OmsHash> = new Map([
  ['sha256', 'sha256'],
  ['blake2b', 'blake2b'],
  ['blake2', 'blake2b'],
  ['blake3', 'blake3'],
])
const HEX_DIGITS: Readonly<Record<OmsHash, number>> = { sha256: 64, blake2b: 128, blake3: 64 }

function at(value: StrictJson | undefined, name: string): StrictJson | undefined {
  if (!isStrictObject(value)) throw new Fault('oms-member', `the object that should hold "${name}" is none`)
  return value.get(name)
}

function refuseMember(what: string): never {
  throw new Fault('oms-member', what)
}

type Serialization = Omit<OmsManifest, 'resources' | 'warnings'>

function readIgnored(value: StrictJson | undefined): readonly string[] {
  if (value === undefined) return []
  if (!Array.isArray(value) || !value.every((path) => typeof path === 'string'))
    return refuseMember('ignore_paths is not a list of strings')
  const paths = value.map((path) => path.replace(/^(?:\.\/)+/, '').replace(/\/+$/, ''))
  if (paths.some((path) => path === '' || path === '.'))
    throw new Fault('oms-ignore', 'ignore_paths leaves out the whole model')
  return paths
}

function readShardSize(value: StrictJson | undefined): number {
  return typeof value === 'number' && value > 0 ? value : refuseMember('shard_size is not a number of bytes')
}

function readSerialization(value: StrictJson | undefined): Serialization {
  const [method, hashType, symlinks] = ['method', 'hash_type', 'allow_symlinks'].map((name) => at(value, name))
  if (method !== 'files' && method !== 'shards')
    throw new Fault('oms-method', `the manifest is by ${JSON.stringify(method)}; files and shards are known`)
  const hash = HASHES.get(hashType)
  if (hash === undefined) throw new Fault('oms-method', `hashes by ${JSON.stringify(hashType)} are not known`)
  if (typeof symlinks !== 'boolean') return refuseMember('allow_symlinks is neither true nor false')
  return {
    method,
    hash,
    ...(method === 'shards' ? { shardSize: readShardSize(at(value, 'shard_size')) } : {}),
    allowSymlinks: symlinks,
    ignorePaths: readIgnored(at(value, 'ignore_paths')),
  }
}

/** The reference tool calls the algorithm of a shard `sha256-sharded-1000000000`; its specification has no such word. */
function isAlgorithm(word: StrictJson | undefined, { hash, shardSize }: Serialization): boolean {
  if (typeof word !== 'string') return false
  const suffix = `-sharded-${shardSize}`
  const bare = shardSize !== undefined && word.endsWith(suffix) ? word.slice(0, -suffix.length) : word
  return HASHES.get(bare) === hash
}

function readName(name: string, { method }: Serialization): Omit<Resource, 'digest'> {
  if (method === 'files') return { path: name }
  const { path, start, end } = parseShardName(name)
  return { path, range: { start, end } }
}

function readResource(resource: StrictJson, serialization: Serialization): Resource {
  const [name, digest, algorithm] = ['name', 'digest', 'algorithm'].map((member) => at(resource, member))
  if (typeof name !== 'string') return refuseMember('a resource has no name')
  const named = readName(name, serialization)
  if (named.path !== '.') ensureSafeName(named.path)
  if (!isAlgorithm(algorithm, serialization))
    throw new Fault('oms-method', `${name} is hashed by ${JSON.stringify(algorithm)}, not by ${serialization.hash}`)
  const digits = HEX_DIGITS[serialization.hash]
  if (typeof digest !== 'string' || digest.length !== digits || !/^[0-9a-f]+$/.test(digest))
    return refuseMember(`${name} has no digest of ${digits} lower-case hex digits`)
  return { ...named, digest }
}

function ensureOnce(resources: readonly Resource[]): void {
  const seen = new Set<string>()
  for (const { path, range } of resources) {
    const key = range === undefined ? path : `${path}:${range.start}`
    if (seen.has(key))
      throw new Fault('oms-name', `${JSON.stringify(key.slice(0, 100))} stands twice among the resources`)
    seen.add(key)
  }
}

function checkResources(resources: readonly Resource[], { shardSize }: Serialization): readonly string[] {
  ensureOnce(resources)
  const paths = new Set(resources.map(({ path }) => path))
  if (paths.has('.') && paths.size > 1) throw new Fault('oms-name', '"." names the model itself and stands alone')
  if (shardSize !== undefined) checkShards(resources, shardSize)
  return checkTwins(paths)
}

/** The raw digests one after another, in order: what the root is the SHA-256 of. */
function preimage(resources: readonly Resource[]): Uint8Array {
  const bytes = new Uint8Array(resources.reduce((sum, { digest }) => sum + digest.length / 2, 0))
  let filled = 0
  for (const { digest } of resources) {
    bytes.set(fromHex(digest), filled)
    filled += digest.length / 2
  }
  return bytes
}

/**
 * Reads the predicate of a statement and holds the root of the subject against it.
 *
 * @throws Fault `oms-member`, `oms-method`, `oms-name`, `oms-shards`, `oms-ignore`, `oms-root`
 */
export async function readOms(statement: StatementRead, cryptography: Cryptography): Promise<OmsManifest> {
  const serialization = readSerialization(at(statement.predicate, 'serialization'))
  const listed = at(statement.predicate, 'resources')
  if (!Array.isArray(listed)) return refuseMember('the predicate has no list of resources')
  const resources = (listed as readonly StrictJson[]).map((resource) => readResource(resource, serialization))
  const warnings = checkResources(resources, serialization)
  const root = toHex(await cryptography.sha256(preimage(resources)))
  if (root !== statement.subject.digest.get('sha256'))
    throw new Fault(
      'oms-root',
      `the digest of the subject is not that of the ${listed.length} resources, which is ${root}`,
    )
  return { ...serialization, resources, warnings }
}

/** One line about a manifest, for a person. */
export function describeManifest(
  { method, hash, resources, warnings }: OmsManifest,
  rehash: string | undefined,
): string {
  const notes = [
    ...(rehash === 'incremental' ? ['digests of unchanged files were taken from an earlier one'] : []),
    ...warnings.slice(0, 3),
  ]
  const what = `${resources.length} ${method} by ${hash}`
  return [`OpenSSF Model Signing manifest of ${what}`, ...notes].join('; ')
}

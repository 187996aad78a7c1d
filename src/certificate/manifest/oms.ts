/**
 * Manifests of OpenSSF Model Signing 1.0: the files of a model, or pieces of them, by name and digest.
 *
 * What a manifest is once it was read: its method, its hash, and its resources in the order as signed.
 *
 * Source: OpenSSF Model Signing 1.0, section 5; the JSON Schemas published with it.
 */

/** Type of the predicate. */
export const OMS_TYPE = 'https://model_signing/signature/v1.0'

/** How the digests of the resources were made. BLAKE2b gives 64 bytes, the others 32. */
export type OmsHash = 'sha256' | 'blake2b' | 'blake3'

/** A piece of a file, in bytes; `end` is the first byte that is no part of it. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** One signed thing: a file, or a shard of one. */
export interface Resource {
  /** Relative to the model, parts separated by `/`; `.` where the model is one file and an old tool signed it. */
  readonly path: string
  /** Lower-case hex. */
  readonly digest: string
  /** Present in the method `shards`. */
  readonly range?: ByteRange
}

/** A manifest as it was read: its root is that of the subject, its names are safe and differ. */
export interface OmsManifest {
  readonly method: 'files' | 'shards'
  readonly hash: OmsHash
  /** Bytes of a shard; the last of a file may be shorter. Present in the method `shards`. */
  readonly shardSize?: number
  /** Whether the signer followed links. */
  readonly allowSymlinks: boolean
  /** What the signer left out: paths of files or folders. */
  readonly ignorePaths: readonly string[]
  /** In the order as signed. */
  readonly resources: readonly Resource[]
  /** What deserves a second look: names that differ only in case. */
  readonly warnings: readonly string[]
}

/** The resources of each file, in the order in which the files are first named. */
export function groupByPath(resources: readonly Resource[]): ReadonlyMap<string, readonly Resource[]> {
  const groups = new Map<string, Resource[]>()
  for (const resource of resources) {
    const group = groups.get(resource.path)
    if (group === undefined) groups.set(resource.path, [resource])
    else group.push(resource)
  }
  return groups
}

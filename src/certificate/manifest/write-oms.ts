/**
 * Writes manifests of OpenSSF Model Signing: SHA-256 of whole files or of shards, in the order of the specification.
 *
 * `ignore_paths` is left out, because nothing is ignored and because model_signing ignores what stands there even where
 * its caller asks it not to. Whether every file was read for this statement, or digests of an earlier one stand for
 * files that did not change, is said in the annotations of the subject, where the schema of the format leaves room.
 *
 * Source: OpenSSF Model Signing 1.0, sections 5.2.1, 6.5.1; measured with model_signing 1.1.1 and cosign 3.1.3.
 */
import { compareCodePoints, Fault, omsPreimage, sha256, type ManifestFile } from '../../base/index.ts'
import { MAX_DOCUMENT_BYTES, STATEMENT_TYPE, type Statement } from '../statement.ts'
import { checkTwins, ensureSafeName } from './names.ts'
import { OMS_TYPE, type ByteRange } from './oms.ts'
import { checkShards } from './shards.ts'

interface Serialization {
  readonly method: 'files' | 'shards'
  readonly hash_type: 'sha256'
  readonly allow_symlinks: false
  readonly shard_size?: number
}

/** The predicate as we write it. */
export interface OmsPredicate {
  readonly resources: readonly { readonly name: string; readonly digest: string; readonly algorithm: 'sha256' }[]
  readonly serialization: Serialization
}

/** A file, or a shard of one; either all have a range or none. */
export interface SignedPiece extends ManifestFile {
  readonly range?: ByteRange
}

/** What else the statement says. */
export interface OmsOptions {
  /** Bytes of a shard, when the pieces are shards. */
  readonly shardSize?: number | undefined
  /** Whether every byte was read for this statement; says nothing when it is absent. */
  readonly rehash?: 'full' | 'incremental' | undefined
}

/** Bytes of a bundle for one resource whose name has no length: base64 of its JSON. */
const RESOURCE_BYTES = 144

function nameOf({ path, range }: SignedPiece): string {
  return range === undefined ? path : `${path}:${range.start}:${range.end}`
}

function checkPieces(pieces: readonly SignedPiece[], shardSize: number | undefined): void {
  if (pieces.length * RESOURCE_BYTES > MAX_DOCUMENT_BYTES)
    throw new Fault(
      'too-many-files',
      `${pieces.length} files or shards make a bundle of more than ${MAX_DOCUMENT_BYTES} bytes`,
    )
  const paths = new Set(pieces.map(({ path }) => path))
  for (const path of paths) ensureSafeName(path)
  checkTwins(paths)
  if (shardSize !== undefined)
    checkShards(
      pieces.map(({ sha256: digest, ...piece }) => ({ ...piece, digest })),
      shardSize,
    )
}

function serializationOf(shardSize: number | undefined): Serialization {
  const rest = { hash_type: 'sha256', allow_symlinks: false } as const
  return shardSize === undefined ? { method: 'files', ...rest } : { method: 'shards', ...rest, shard_size: shardSize }
}

/**
 * The statement over files or shards, in any order.
 *
 * @throws Fault `oms-name`, `oms-shards`, `bad-digest`, `duplicate-path`, `too-many-files`
 */
export function buildOmsStatement(
  name: string,
  pieces: readonly SignedPiece[],
  { shardSize, rehash }: OmsOptions = {},
): Statement<OmsPredicate> {
  checkPieces(pieces, shardSize)
  const named = pieces.map((piece) => ({ name: nameOf(piece), digest: piece.sha256, algorithm: 'sha256' as const }))
  const resources = named.sort((a, b) => compareCodePoints(a.name, b.name))
  const twice = resources.find((resource, index) => resource.name === resources[index + 1]?.name)
  if (twice !== undefined) throw new Fault('duplicate-path', `${twice.name} stands twice in the manifest`)
  const root = sha256(omsPreimage(resources.map(({ digest }) => digest)))
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name, digest: { sha256: root }, ...(rehash === undefined ? {} : { annotations: { rehash } }) }],
    predicateType: OMS_TYPE,
    predicate: { resources, serialization: serializationOf(shardSize) },
  }
}

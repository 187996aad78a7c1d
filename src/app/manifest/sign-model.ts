/**
 * Signs a model: its files by name and digest, as a manifest of OpenSSF Model Signing.
 *
 * Everything that was found is signed or named: a link, a device or a name that cannot stand in a manifest ends the
 * signing, because the signature would say nothing of it. Only what is no part of a consignment (`.git`, a hub client's
 * cache) is passed over, as everywhere.
 *
 * With an earlier manifest of this key, files that did not change since are not read again: their digests are taken from
 * it, and the statement says so. What signs is the same key that signs certificates.
 */
import { digestPieces, type Artefact, type WatchedArtefact } from '../../artefact/index.ts'
import { Fault, sha256 } from '../../base/index.ts'
import {
  buildOmsStatement,
  openManifest,
  signStatement,
  splitIntoShards,
  type Publication,
  type SignedPiece,
  type SignedStatement,
  type Signer,
} from '../../certificate/index.ts'
import { nameModel } from './at-hand.ts'
import { keepStamps, readStamps, type StatRecords } from './stat-records.ts'

/** What is wanted of a signing. */
export interface SigningWishes {
  readonly signer: Signer
  readonly records: StatRecords
  /** Bytes of a shard; whole files unless told. */
  readonly shardSize?: number | undefined
  /** Bytes of an earlier manifest of this key, in whole files. */
  readonly previous?: Uint8Array | undefined
  /** Path inside the model of the signature that will be written or replaced. */
  readonly signature?: string | undefined
  /** Stamps and logs the signature. */
  readonly publication?: Publication | undefined
  readonly signal?: AbortSignal | undefined
}

/** A signed model. */
export interface SignedModel extends SignedStatement {
  readonly files: number
  /** Files whose digest was taken from the earlier manifest. */
  readonly reused: number
  readonly rehash: 'full' | 'incremental'
  /** OMS root. */
  readonly root: string
}

/** Opens a model; `known` gives the digests of files that need not be read. */
export type OpenModel = (known?: (path: string, stamp: string) => string | undefined) => Promise<WatchedArtefact>

async function findKnown({ previous, signer, records }: SigningWishes) {
  if (previous === undefined) return undefined
  const { manifest, payload } = await openManifest(previous, signer.publicKeyPem)
  if (manifest.method !== 'files' || manifest.hash !== 'sha256')
    throw new Fault(
      'not-reusable',
      'the earlier manifest is not of whole files by SHA-256, so no digest of it can be reused',
    )
  const stamps = readStamps(records, sha256(payload))
  const digests = new Map(manifest.resources.map(({ path, digest }) => [path, digest]))
  return (path: string, stamp: string) => (stamps.get(path) === stamp ? digests.get(path) : undefined)
}

/** Ensures that all that was found can be signed. @throws Fault `cannot-sign` */
function ensureSignable({ problems }: Artefact): void {
  const bad = problems.find(({ kind, excluded }) => excluded || kind === 'hub-digest' || kind === 'name-form-twin')
  if (bad !== undefined)
    throw new Fault('cannot-sign', `${bad.message}; a signature would say nothing of it, so remove or rename it first`)
}

async function toPieces(
  opened: WatchedArtefact,
  { shardSize, signature, signal }: SigningWishes,
): Promise<readonly SignedPiece[]> {
  const files = opened.artefact.files.filter(({ path }) => path !== signature)
  if (shardSize === undefined) return files.map(({ path, sha256: digest }) => ({ path, sha256: digest }))
  const empty = files.find(({ size }) => size === 0)
  if (empty !== undefined)
    throw new Fault(
      'cannot-sign',
      `${empty.path} is empty and has no shard, so it would not be signed; sign whole files`,
    )
  const shards = files.flatMap(({ path, size }) => splitIntoShards(size, shardSize).map((range) => ({ path, range })))
  const digests = await digestPieces(opened, shards, { hash: 'sha256', signal })
  return shards.map((shard, index) => ({ ...shard, sha256: digests[index] ?? '' }))
}

/**
 * Signs a model.
 *
 * @throws Fault `cannot-sign`, `not-reusable`, `record-exposed`, those of intake and of `openManifest`, `buildOmsStatement`
 */
export async function signModel(open: OpenModel, wishes: SigningWishes): Promise<SignedModel> {
  const known = await findKnown(wishes)
  const opened = await open(known)
  const { artefact, reused } = opened
  ensureSignable(artefact)
  const pieces = await toPieces(opened, wishes)
  const rehash = reused.length > 0 ? 'incremental' : 'full'
  const { shardSize } = wishes
  const statement = buildOmsStatement(nameModel(artefact.source), pieces, { shardSize, rehash })
  const signed = await signStatement(statement, wishes.signer, wishes.publication)
  opened.confirmUnchanged()
  if (shardSize === undefined) keepStamps(wishes.records, sha256(signed.payload), opened.stamps)
  const root = statement.subject[0].digest['sha256'] ?? ''
  return { ...signed, files: new Set(pieces.map(({ path }) => path)).size, reused: reused.length, rehash, root }
}

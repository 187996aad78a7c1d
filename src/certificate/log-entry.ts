/**
 * An entry of a transparency log as a bundle carries it, and the leaf that it has to be.
 *
 * The leaf of a statement is a Rekor v2 `hashedrekord`: digest of what was signed, signature, key. It is rebuilt from
 * the bundle and compared byte by byte with the body that is proven to be in the log; foreign verifiers do one of the
 * two, so that an entry for another key or another text passes them.
 *
 * Source: sigstore/rekor-tiles 2.3, `hashedrekord` 0.0.2; measured with cosign 3.1.3 and @sigstore/verify 4.1.3.
 */
import { canonicalJson, Fault, type StrictJson } from '../base/index.ts'
import { encodeBase64, toUtf8 } from './encoding.ts'
import { Members } from './members.ts'

/** See the module. */
export interface LogEntry {
  readonly logIndex: bigint
  readonly logId: Uint8Array
  readonly kind: string
  readonly version: string
  /** True when there is an `integratedTime` or an `inclusionPromise`, which this kind of entry cannot have. */
  readonly hasIntegratedTime: boolean
  readonly hasPromise: boolean
  readonly proof: {
    readonly logIndex: bigint
    readonly rootHash: Uint8Array
    readonly treeSize: bigint
    readonly hashes: readonly Uint8Array[]
    /** Signed note. */
    readonly checkpoint: string
  }
  readonly body: Uint8Array
}

/** An entry as it is written. */
export interface LogEntryContent {
  /** 32 bytes: SHA-256 over origin and key of the log. */
  readonly logId: Uint8Array
  /** The leaf. */
  readonly body: Uint8Array
  readonly proof: {
    readonly logIndex: number
    readonly treeSize: number
    readonly rootHash: Uint8Array
    /** From the leaf upwards. */
    readonly hashes: readonly Uint8Array[]
    /** Signed note. */
    readonly checkpoint: string
  }
}

/** What a leaf of a signed statement is called in bundles. */
const KIND = { kind: 'hashedrekord', version: '0.0.2' } as const
/** A proof has no more hashes than a tree of 2^63 leaves has levels. */
const MAX_HASHES = 63

/** The entry for a bundle, as a JSON value. */
export function writeLogEntry({ logId, body, proof }: LogEntryContent): object {
  const { logIndex, treeSize, rootHash, hashes, checkpoint } = proof
  return {
    logIndex: String(logIndex),
    logId: { keyId: encodeBase64(logId) },
    kindVersion: KIND,
    inclusionProof: {
      logIndex: String(logIndex),
      rootHash: encodeBase64(rootHash),
      treeSize: String(treeSize),
      hashes: hashes.map(encodeBase64),
      checkpoint: { envelope: checkpoint },
    },
    canonicalizedBody: encodeBase64(body),
  }
}

/** What Go writes of a protobuf leaves out a zero and an empty list: the first entry of a log has no index. */
function readIndex(members: Members): bigint {
  return members.has('logIndex') ? members.int64('logIndex') : 0n
}

function readHashes(proof: Members): readonly Uint8Array[] {
  const hashes = proof.has('hashes') ? proof.allBytes('hashes') : []
  if (hashes.length > MAX_HASHES)
    throw new Fault('inclusion', `the proof has ${hashes.length} hashes; no tree is so high`)
  return hashes
}

/** Reads an entry. @throws Fault like {@link Members}; `inclusion` */
export function readLogEntry(value: StrictJson, where: string): LogEntry {
  const entry = new Members(value, where, {
    required: ['logId', 'kindVersion', 'inclusionProof', 'canonicalizedBody'],
    optional: ['logIndex', 'integratedTime', 'inclusionPromise'],
  })
  const kind = entry.members('kindVersion', { required: ['kind', 'version'] })
  const proof = entry.members('inclusionProof', {
    required: ['rootHash', 'treeSize', 'checkpoint'],
    optional: ['logIndex', 'hashes'],
  })
  return {
    logIndex: readIndex(entry),
    logId: entry.members('logId', { required: ['keyId'] }).bytes('keyId'),
    kind: kind.text('kind'),
    version: kind.text('version'),
    hasIntegratedTime: entry.has('integratedTime'),
    hasPromise: entry.has('inclusionPromise'),
    proof: {
      logIndex: readIndex(proof),
      rootHash: proof.bytes('rootHash'),
      treeSize: proof.int64('treeSize'),
      hashes: readHashes(proof),
      checkpoint: proof.members('checkpoint', { required: ['envelope'] }).text('envelope'),
    },
    body: entry.bytes('canonicalizedBody'),
  }
}

/** What a leaf is made of. */
export interface LeafContent {
  /** SHA-256 of the pre-authentication encoding. */
  readonly digest: Uint8Array
  /** DER. */
  readonly signature: Uint8Array
  /** SubjectPublicKeyInfo in DER. */
  readonly spki: Uint8Array
}

/** The bytes of the leaf of a signed statement. */
export function buildLeaf({ digest, signature, spki }: LeafContent): Uint8Array {
  const verifier = { keyDetails: 'PKIX_ECDSA_P256_SHA_256', publicKey: { rawBytes: encodeBase64(spki) } }
  const hashedRekordV002 = {
    data: { algorithm: 'SHA2_256', digest: encodeBase64(digest) },
    signature: { content: encodeBase64(signature), verifier },
  }
  return toUtf8(canonicalJson({ apiVersion: '0.0.2', kind: 'hashedrekord', spec: { hashedRekordV002 } }))
}

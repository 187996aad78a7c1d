/**
 * A whole publication in memory for tests: a log with a witness, a timestamp authority, a signing key, and the trust in them.
 */
import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import { fixedClock } from '../base/index.ts'
import {
  formatNoteKey,
  idOfLog,
  issueTimestamp,
  makeTimestampChain,
  requestTimestamp,
  webCryptography,
  type CertificateRequest,
  type LogEntryContent,
  type NoteKey,
  type Publication,
  type RootAuthority,
  type RootLog,
  type Signer,
} from '../certificate/index.ts'
import { cosigner, formatCheckpoint, hashLeaf, noteSigner, proveInclusion, rootOf, signNote } from '../log/index.ts'
import { ed25519From, readerOver } from './log-tree.ts'

const DIGEST = { sha256: 'ab'.repeat(32) }

/** A P-256 key that lives as long as the test. */
export function makeSigner(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  return { publicKeyPem, sign: (bytes) => Promise.resolve(new Uint8Array(sign('sha256', bytes, privateKey))) }
}

/** What a clearance of nothing in particular says. */
export const CLEARED: CertificateRequest['content'] = {
  number: '260000000012',
  decision: 'cleared',
  channel: 'green',
  reasons: [],
  dossier: { name: 'dossier.json', digest: DIGEST },
  policy: { id: 'default', version: '1', digest: DIGEST.sha256 },
  inputs: { files: 3, totalBytes: 15, rehash: 'full' },
  evidence: [{ name: 'facts.json', digest: DIGEST }],
}

/** What {@link makePublisher} makes. */
export interface Publisher extends Required<Publication> {
  readonly signer: Signer
  readonly trustedLog: RootLog
  readonly authority: RootAuthority
  /** Key of the stamping certificate. */
  readonly stampKey: Signer
  readonly witness: NoteKey
  /** A policy that wants the witness. */
  readonly policyText: string
  /** Private half of the key of the log. */
  readonly logKey: KeyObject
  readonly leaves: Uint8Array[]
  /** Proves the leaf at an index in a checkpoint of all leaves; `note` changes its text before the log alone signs it. */
  prove(index: number, note?: (text: string) => string): Promise<LogEntryContent>
}

/** Times of the publication, ms since 1970. */
export interface PublisherTimes {
  readonly now: number
  readonly validFrom: number
}

const ORIGIN = '2026.log.example'

/** Makes everything anew; the log has `before` leaves of others in it. */
export async function makePublisher({ now, validFrom }: PublisherTimes, before = 20): Promise<Publisher> {
  const [signer, stampKey, root] = [makeSigner(), makeSigner(), makeSigner()]
  const names = { organization: 'Tidewaiter test', name: 'Tidewaiter test TSA', validFrom }
  const chain = await makeTimestampChain({ root, leaf: stampKey, ...names })
  const logKey = ed25519From(randomBytes(32))
  const logSigner = noteSigner(ORIGIN, logKey)
  const cosign = cosigner({
    name: 'witness.example/w1',
    privateKey: ed25519From(randomBytes(32)),
    clock: fixedClock(now),
  })
  const leaves = Array.from({ length: before }, () => new Uint8Array(randomBytes(60)))
  const trustedLog = { baseUrl: `https://${ORIGIN}`, origin: ORIGIN, publicKey: logSigner.key.publicKey, validFrom }
  const logId = await idOfLog(trustedLog, webCryptography)
  const prove: Publisher['prove'] = async (index, note) => {
    const read = readerOver(leaves.map(hashLeaf))
    const treeSize = leaves.length
    const rootHash = await rootOf(treeSize, read)
    const hashes = await proveInclusion(index, treeSize, read)
    const text = formatCheckpoint({ origin: ORIGIN, size: treeSize, root: rootHash })
    const checkpoint = await (note === undefined
      ? signNote(text, [logSigner, cosign])
      : signNote(note(text), [logSigner]))
    return { logId, body: leaves[index]!, proof: { logIndex: index, treeSize, rootHash, hashes, checkpoint } }
  }
  return {
    signer,
    stampKey,
    logKey,
    leaves,
    prove,
    witness: cosign.key,
    policyText: `witness w1 ${formatNoteKey(cosign.key)}\nquorum w1\n`,
    trustedLog,
    authority: { chain, uri: 'https://tsa.example', validFrom },
    stamp: async (signature) =>
      issueTimestamp(await requestTimestamp(signature, true), { key: stampKey, chain, now, serial: 7n }),
    log: async (leaf) => {
      leaves.push(Uint8Array.from(leaf))
      for (let after = 0; after < 5; after++) leaves.push(new Uint8Array(randomBytes(60)))
      return prove(leaves.length - 6)
    },
  }
}

/**
 * One honest bundle and everything that stands behind it, for tests that tamper with it.
 *
 * The bundle is an OpenSSF Model Signing manifest, since that is what most foreign tools read; key, log, witness and
 * timestamp authority are made anew, so that a tampering may also be signed, logged and stamped by those who are trusted.
 */
import { canonicalJson, dirHash, omsRoot, sha256 } from '../../base/index.ts'
import { writeBundle } from '../../certificate/bundle.ts'
import {
  readPolicy,
  signStatement,
  webCryptography,
  type LogEntryContent,
  type Signer,
} from '../../certificate/index.ts'
import { preAuthEncoding } from '../../certificate/dsse.ts'
import { lowerSignature } from '../../certificate/ecdsa.ts'
import { buildLeaf } from '../../certificate/log-entry.ts'
import { OMS_TYPE } from '../../certificate/manifest/oms.ts'
import { buildOmsStatement } from '../../certificate/manifest/write-oms.ts'
import { nameKey, readPublicKey } from '../../certificate/public-key.ts'
import type { VerificationOptions } from '../../certificate/verify-bundle.ts'
import { makePublisher, type Publisher } from '../publication.ts'

/** Any JSON, to be changed at will. */
export type Editable = ReturnType<typeof JSON.parse>

/** A bundle that was tampered with, and what its verifier is told otherwise than for the honest one. */
export interface Tampered {
  readonly bundle: string | Uint8Array
  readonly options?: Partial<VerificationOptions>
}

/** How a bundle is made by {@link World.issue}; what is absent is as in the honest one. */
export interface Issue {
  /** Text or bytes that are signed. */
  readonly payload?: string | Uint8Array
  readonly signer?: Signer
  /** Puts another leaf into the log. */
  readonly leaf?: (leaf: Uint8Array) => Uint8Array | Promise<Uint8Array>
  /** Changes the text of the checkpoint before it is signed. */
  readonly note?: (text: string) => string
  readonly stamp?: (signature: Uint8Array) => Promise<Uint8Array>
}

/** See the module. */
export interface World {
  readonly publisher: Publisher
  readonly now: number
  /** The files of the model: path and text. */
  readonly files: ReadonlyMap<string, string>
  readonly statement: Editable
  /** The honest bundle. */
  readonly bundle: string
  /** Verifies the honest bundle with every check, the witness included. */
  readonly options: VerificationOptions
  /** The honest bundle with changes to its JSON. */
  edit(change: (bundle: Editable) => void): string
  /** A bundle that is signed, logged and stamped anew. */
  issue(issue: Issue): Promise<string>
  /** A bundle over the statement with changes. */
  restate(change: (statement: Editable) => void): Promise<string>
}

const FILES: ReadonlyMap<string, string> = new Map([
  ['README.md', 'An oak.\n'],
  ['config.json', '{"layers":2}\n'],
  ['weights/model.safetensors', 'not really weights\n'],
])

async function issueBundle(publisher: Publisher, honest: string, issue: Issue): Promise<string> {
  const { signer = publisher.signer, payload = honest, note, leaf: change = (leaf) => leaf } = issue
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload
  const key = readPublicKey(signer.publicKeyPem)
  const { keyId } = await nameKey(readPublicKey(publisher.signer.publicKeyPem), webCryptography)
  const signed = preAuthEncoding('application/vnd.in-toto+json', bytes)
  const signature = lowerSignature(await signer.sign(signed))
  const leaf = buildLeaf({ digest: await webCryptography.sha256(signed), signature, spki: key.spki })
  publisher.leaves.push(Uint8Array.from(await change(leaf)))
  const logEntry: LogEntryContent = await publisher.prove(publisher.leaves.length - 1, note)
  const timestamps = [await (issue.stamp ?? publisher.stamp)(signature)].flat()
  return writeBundle({ keyId, payload: bytes, signature, logEntry, timestamps })
}

/** Makes everything; `now` is when the honest bundle was signed, ms since 1970. */
export async function makeWorld(now = Date.parse('2026-11-20T12:00:00Z')): Promise<World> {
  const validFrom = now - 50 * 24 * 60 * 60 * 1000
  const publisher = await makePublisher({ now, validFrom })
  const files = [...FILES].map(([path, text]) => ({ path, sha256: sha256(text) }))
  const statement = buildOmsStatement('oak', files)
  const { bundle } = await signStatement(statement, publisher.signer, publisher)
  const honest = canonicalJson(statement)
  return {
    publisher,
    now,
    files: FILES,
    statement,
    bundle,
    options: {
      now,
      trustedKeys: [{ publicKeyPem: publisher.signer.publicKeyPem, validFrom }],
      trustedLogs: [publisher.trustedLog],
      timestampAuthorities: [publisher.authority],
      witnessPolicy: await readPolicy(Buffer.from(publisher.policyText), webCryptography),
      artefact: { sha256: omsRoot(files), dirHash: dirHash(files), files },
      predicateType: OMS_TYPE,
      requireLog: true,
      requireTimestamp: true,
    },
    edit(change) {
      const value = JSON.parse(bundle)
      change(value)
      return JSON.stringify(value)
    },
    issue: (issue) => issueBundle(publisher, honest, issue),
    restate(change) {
      const value: Editable = JSON.parse(honest)
      change(value)
      return issueBundle(publisher, honest, { payload: JSON.stringify(value) })
    },
  }
}

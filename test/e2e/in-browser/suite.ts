/**
 * The vectors as functions from data to plain answers, so that Node and a browser can run the same code over the same
 * data and be held against each other.
 *
 * What is called is what certificates are verified with: the strict DER reader, the default cryptography, the reader of
 * checkpoints, the inclusion proof, canonical JSON, and the verifier itself.
 */
import { canonicalJson, isFault } from '../../../src/base/index.ts'
import { readCheckpoint } from '../../../src/certificate/checkpoint.ts'
import { webCryptography, type HashName, type SignedMessage } from '../../../src/certificate/cryptography.ts'
import { preAuthEncoding } from '../../../src/certificate/dsse.ts'
import { derToRaw, type Curve } from '../../../src/certificate/ecdsa.ts'
import { decodeBase64, fromHex, toHex, toUtf8 } from '../../../src/certificate/encoding.ts'
import { rootOfProof } from '../../../src/certificate/inclusion.ts'
import { readTrustedRoot, verifyBundle, type VerificationOptions } from '../../../src/verify.ts'

/** How a file of Wycheproof encodes its signatures, and for which scheme. */
export type Encoding = 'der' | 'p1363' | 'raw'
export type Scheme = Curve | 'Ed25519' | 'ML-DSA-44' | 'ML-DSA-65'

export interface SignatureVector {
  /** Point or raw key of P-256 and Ed25519; SubjectPublicKeyInfo of the others. */
  readonly key: string
  readonly signature: string
  readonly message: string
  readonly context: string
}

const HASHES: Readonly<Record<Curve, HashName>> = { 'P-256': 'SHA-256', 'P-384': 'SHA-384', 'P-521': 'SHA-512' }

function verify(scheme: Scheme, signed: SignedMessage, context: Uint8Array): Promise<boolean> {
  const { key, signature, message } = signed
  if (scheme === 'P-256') return webCryptography.verifyP256(key, signature, message)
  if (scheme === 'Ed25519') return webCryptography.verifyEd25519(key, signature, message)
  if (scheme === 'ML-DSA-44' || scheme === 'ML-DSA-65')
    return webCryptography.verifyScheme({ name: scheme, context }, signed)
  return webCryptography.verifyScheme({ name: 'ECDSA', namedCurve: scheme, hash: HASHES[scheme] }, signed)
}

async function answer(check: () => Promise<string>): Promise<string> {
  try {
    return await check()
  } catch (thrown) {
    if (isFault(thrown)) return thrown.code
    throw thrown
  }
}

/** `valid`, `invalid`, or the code of the fault that refused it, for each vector. */
export async function answerSignatures(
  scheme: Scheme,
  encoding: Encoding,
  vectors: readonly SignatureVector[],
): Promise<readonly string[]> {
  const answers: string[] = []
  for (const { key, signature, message, context } of vectors) {
    answers.push(
      await answer(async () => {
        const given = fromHex(signature)
        const raw = encoding === 'der' ? derToRaw(given, scheme as Curve) : given
        const signed = { key: fromHex(key), signature: raw, message: fromHex(message) }
        const held = await verify(scheme, signed, fromHex(context))
        return held ? 'valid' : 'invalid'
      }),
    )
  }
  return answers
}

export interface InclusionVector {
  readonly leafIdx: number
  readonly treeSize: number
  readonly root: string
  readonly leafHash: string
  readonly proof: readonly string[] | null
}

const fromBase64 = (text: string): Uint8Array => decodeBase64(text, 'vector')

/** `valid`, `invalid` (it leads to another root) or the code of the fault. */
export function answerInclusions(vectors: readonly InclusionVector[]): Promise<readonly string[]> {
  return Promise.all(
    vectors.map(({ leafIdx, treeSize, root, leafHash, proof }) =>
      answer(async () => {
        const claim = { index: BigInt(leafIdx), size: BigInt(treeSize), hashes: (proof ?? []).map(fromBase64) }
        const found = await rootOfProof(fromBase64(leafHash), claim, webCryptography)
        return toHex(found) === toHex(fromBase64(root)) ? 'valid' : 'invalid'
      }),
    ),
  )
}

/** For each note: what was read, and whether the key signed it as the first line says. */
export function answerCheckpoints(key: string, notes: readonly string[]): Promise<readonly string[]> {
  return Promise.all(
    notes.map((note) =>
      answer(async () => {
        const { origin, size, root, text, signatures } = readCheckpoint(note)
        const own = signatures.filter(({ name }) => name === origin)
        const held = await Promise.all(
          own.map(({ signature }) => webCryptography.verifyEd25519(fromHex(key), signature, toUtf8(text))),
        )
        return `${origin} ${size} ${toHex(root)} ${held.join()}`
      }),
    ),
  )
}

/** Canonical JSON of each text, numbers from their bits; or the code of the fault. */
export function answerCanonical(texts: readonly string[], bits: readonly string[]): Promise<readonly string[]> {
  const numbers = bits.map((hex) => new DataView(fromHex(hex).buffer as ArrayBuffer).getFloat64(0))
  const values = [...texts.map((text) => () => JSON.parse(text) as unknown), ...numbers.map((value) => () => value)]
  return Promise.all(values.map((value) => answer(() => Promise.resolve(canonicalJson(value())))))
}

/** Pre-authentication encoding in hex. */
export function answerEnvelope(type: string, body: string): string {
  return toHex(preAuthEncoding(type, toUtf8(body)))
}

/** The whole report as canonical JSON, for each bundle. */
export async function answerBundles(cases: readonly BundleCase[]): Promise<readonly string[]> {
  const reports: string[] = []
  for (const { bundle, options, trustedRoot } of cases) {
    const { logs, timestampAuthorities } = await readTrustedRoot(toUtf8(trustedRoot), webCryptography)
    const trusting = { ...options, trustedLogs: logs, timestampAuthorities }
    reports.push(canonicalJson(await verifyBundle(fromBase64(bundle), trusting)))
  }
  return reports
}

export interface BundleCase {
  /** Base64. */
  readonly bundle: string
  readonly options: Omit<VerificationOptions, 'trustedLogs' | 'timestampAuthorities' | 'cryptography'>
  /** Text of the file. */
  readonly trustedRoot: string
}

/**
 * Opens a manifest whose signature holds under one key: for those who go on with what it lists.
 *
 * Made of the checks that the verifier makes, up to the content. Nothing is compared with files here, and log and
 * timestamp are not looked at: it says what the key signed, not when.
 */
import { Fault } from '../../base/index.ts'
import { readBundle } from '../bundle.ts'
import { checkKey, checkSignature } from '../check-key.ts'
import { webCryptography } from '../cryptography.ts'
import { readStatement } from '../statement.ts'
import { OMS_TYPE, type OmsManifest } from './oms.ts'
import { readOms } from './read-oms.ts'

/** What a key signed. */
export interface OpenedManifest {
  readonly manifest: OmsManifest
  /** The signed bytes. */
  readonly payload: Uint8Array
}

/** How to open. */
export interface OpenManifestOptions {
  /** Also take what others write; see `VerificationOptions`. */
  readonly foreign?: boolean
}

/**
 * Opens a manifest.
 *
 * @throws Fault `predicate-type` when it is none, those of `readBundle`, `checkKey`, `checkSignature`, `readStatement`
 * and `readOms`
 */
export async function openManifest(
  bytes: Uint8Array,
  publicKeyPem: string,
  { foreign = false }: OpenManifestOptions = {},
): Promise<OpenedManifest> {
  const options = { cryptography: webCryptography, foreign }
  const bundle = readBundle(bytes, { foreign })
  const chosen = await checkKey(bundle, [{ publicKeyPem }], options)
  const { content } = bundle
  if (content.kind !== 'envelope') throw new Fault('predicate-type', 'a bare signature over a file is no manifest')
  await checkSignature(bundle, chosen.value, { ...options, blobs: [] })
  const statement = readStatement(content.payload, { foreign })
  if (statement.predicateType !== OMS_TYPE)
    throw new Fault(
      'predicate-type',
      `the statement is of type ${JSON.stringify(statement.predicateType.slice(0, 200))}, no manifest`,
    )
  return { manifest: await readOms(statement, webCryptography), payload: content.payload }
}

/**
 * Answers a challenge: the vendor opens the chosen tensors, to be seen in a clean room by the verifier alone.
 *
 * An opening is a folder: `opening.json` with what each leaf says, its salt and its path to the root, and beside it the
 * stored bytes of each chosen tensor, `tensor-0.bin` and so on. Bytes, and not digests, because only bytes let the
 * verifier compute for himself what the kit says of them.
 */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { OpenedArtefact } from '../../artefact/index.ts'
import { Fault, toFault } from '../../base/index.ts'
import type { ArtefactFacts } from '../../formats/index.ts'
import { digestParts } from '../fingerprint/fingerprint-model.ts'
import { partRange } from '../weights/part.ts'
import { openWeights, type Weights } from '../weights/weights.ts'
import type { Challenge } from './challenge.ts'
import type { KitOptions } from './make-kit.ts'
import { merklePath } from './merkle.ts'
import type { SecretKit } from './secret-kit.ts'
import { commitTensors, type SaltedLeaf } from './tensor-leaves.ts'

const hex64 = z.string().regex(/^[0-9a-f]{64}$/)

/** The form of `opening.json`. */
export const openingSchema = z.strictObject({
  schema: z.literal('tidewaiter/kit-opening/v1'),
  kit: hex64,
  beacon: z.string().max(4096),
  opened: z
    .array(
      z.strictObject({
        leaf: z.int().min(0),
        content: z.string().max(4096),
        salt: hex64,
        path: z.array(hex64).max(64),
        file: z.string().regex(/^tensor-[0-2]\.bin$/),
      }),
    )
    .max(3),
})

/** See the module. */
export type Opening = Readonly<z.infer<typeof openingSchema>>

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

const BATCH = 8 * 1024 * 1024

function copyTensor(weights: Weights, { part }: SaltedLeaf, path: string): void {
  if (part === null) throw new Fault('cannot-open', 'the leaf of the identity holds no tensor')
  const { from, length } = partRange(part)
  const file = openSync(path, 'wx', 0o600)
  const batch = new Uint8Array(Math.min(BATCH, length))
  try {
    for (let at = 0; at < length; at += batch.length) {
      const bytes = batch.subarray(0, Math.min(batch.length, length - at))
      weights.read(part.tensor, from + at, bytes)
      for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done)
    }
  } finally {
    closeSync(file)
  }
}

/** What an opening is made from. */
export interface OpenKitInput extends Pick<KitOptions, 'secret' | 'threads' | 'signal'> {
  readonly kit: SecretKit
  readonly challenge: Challenge
  /** A folder that does not exist yet. */
  readonly folder: string
}

/**
 * Opens the chosen tensors of a registered model into a folder.
 *
 * @throws Fault `cannot-open` when the model and the secret do not give the root that was registered; `cannot-write`,
 *   `cancelled`, `changed-while-read`
 */
export async function openKit(opened: OpenedArtefact, facts: ArtefactFacts, input: OpenKitInput): Promise<Opening> {
  const { kit, challenge, folder, secret } = input
  const weights = openWeights(opened, facts)
  try {
    const digested = await digestParts(weights, input)
    const { leaves, hashes, root } = commitTensors({
      kit,
      model: weights.model,
      digested,
      artefact: weights.id,
      secret,
    })
    if (root !== kit.root)
      throw new Fault('cannot-open', `model and secret give the root ${root}, and ${kit.root} was registered`)
    makeFolder(folder)
    const entries = challenge.leaves.map((leaf, i) => {
      const salted = leaves[leaf]
      if (salted === undefined) throw new Fault('cannot-open', `there is no leaf ${leaf}`)
      const file = `tensor-${i}.bin`
      copyTensor(weights, salted, join(folder, file))
      return { leaf, content: salted.content, salt: hex(salted.salt), path: merklePath(hashes, leaf).map(hex), file }
    })
    const opening: Opening = {
      schema: 'tidewaiter/kit-opening/v1',
      kit: challenge.kit,
      beacon: challenge.beacon,
      opened: entries,
    }
    writeFileSync(join(folder, 'opening.json'), `${JSON.stringify(opening, null, 2)}\n`)
    return opening
  } finally {
    weights.close()
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (cause) {
    throw new Fault('cannot-write', `${folder} cannot be made: ${toFault(cause).message}`, { cause })
  }
}

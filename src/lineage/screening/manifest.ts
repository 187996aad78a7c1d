/**
 * The manifest of an index: what of its files counts.
 *
 * The files only ever grow, and the manifest is replaced as a whole when they have. So whatever an interrupted run left
 * behind the ends that it names does not count, and is overwritten by the next.
 *
 *     manifest.json     this
 *     models            64 bytes a model, by number: identity and digest of the fingerprint
 *     PLACE.members     numbers of the models of a partition, 4 bytes each, in the order of its rows
 *     PLACE.whole       512 bytes a row; PLACE.layers 64 bytes a layer; PLACE.gains, PLACE.tokens 64 bytes a row
 *     digests-N         inverted digests (`digest-file.ts`)
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { canonicalJson, Fault } from '../../base/index.ts'

const key = z.string().regex(/^[0-9a-f]{16}$/)
const count = z
  .int()
  .min(0)
  .max(2 ** 31)

const partitionSchema = z.strictObject({
  place: key,
  shape: key,
  width: count,
  layers: z.int().min(0).max(1024),
  wholeBits: z.int().min(0).max(4096),
  layerBits: z.int().min(0).max(512),
  rows: count,
})

const manifestSchema = z.strictObject({
  schema: z.literal('tidewaiter/index-manifest/v1'),
  /** Models, counting each fingerprint that was appended. */
  models: count,
  /** Where the source stood after the last that was appended; empty at the beginning. */
  cursor: z.string().max(256),
  partitions: z.array(partitionSchema).max(1_000_000),
  digests: z
    .array(
      z.strictObject({
        number: count,
        entries: z
          .int()
          .min(0)
          .max(2 ** 40),
      }),
    )
    .max(64),
})

/** See the module. */
export type IndexManifest = z.infer<typeof manifestSchema>
/** One partition of the manifest. */
export type IndexPartition = IndexManifest['partitions'][number]

/** An index with nothing in it. */
export const EMPTY_MANIFEST: IndexManifest = {
  schema: 'tidewaiter/index-manifest/v1',
  models: 0,
  cursor: '',
  partitions: [],
  digests: [],
}

const NAME = 'manifest.json'

/** Reads the manifest; undefined where there is no index. @throws Fault `bad-index` */
export function readManifest(folder: string): IndexManifest | undefined {
  let text: string
  try {
    text = readFileSync(join(folder, NAME), 'utf8')
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new Fault('bad-index', `the index ${folder} cannot be read: ${String(thrown)}`, { cause: thrown })
  }
  try {
    return manifestSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new Fault('bad-index', `the index ${folder} has no valid manifest; build it again`, { cause })
  }
}

/** Replaces the manifest. */
export function writeManifest(folder: string, manifest: IndexManifest): void {
  const path = join(folder, NAME)
  const file = openSync(`${path}.part`, 'w', 0o600)
  try {
    writeSync(file, `${canonicalJson(manifest)}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(`${path}.part`, path)
}

/**
 * Models opened without intake, which hashes every byte for its own purpose and has a bar of its own.
 */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { OpenedArtefact } from '../../src/artefact/index.ts'
import { sha256 } from '../../src/base/index.ts'
import { readFacts } from '../../src/formats/index.ts'
import type { ModelSide } from '../../src/lineage/index.ts'

/** Opens a folder; what stands for its identity is the digest of the last part of its name. */
export async function openUndigested(folder: string, paths: readonly string[]): Promise<ModelSide> {
  const digest = sha256(folder.split('/').at(-1) ?? '')
  const opened: OpenedArtefact = {
    artefact: {
      id: `tw1:${digest}`,
      source: { kind: 'folder', ref: folder },
      files: paths.map((path) => ({ path, size: statSync(join(folder, path)).size, sha256: digest })),
      size: 0,
      digests: { sha256: digest, dirHash: digest },
      problems: [],
      ignored: [],
    },
    locate: (name) => join(folder, name),
  }
  return { opened, facts: await readFacts(opened, { isolation: 'in-process' }) }
}

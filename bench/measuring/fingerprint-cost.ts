/**
 * What taking one fingerprint costs alone, without intake, which hashes the files for its own purpose and has a bar of
 * its own.
 */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { readFacts } from '../../src/formats/index.ts'
import { encodeFingerprint, fingerprintModel } from '../../src/lineage/index.ts'

/** Seconds and bytes. */
export interface FingerprintCost {
  readonly cpu: number
  readonly wall: number
  /** Peak resident memory of this process. */
  readonly memory: number
  /** Size of the fingerprint. */
  readonly bytes: number
}

/** Takes the fingerprint of a folder with one `model.safetensors`. */
export async function measureFingerprint(folder: string, threads: number): Promise<FingerprintCost> {
  const path = 'model.safetensors'
  const digest = '0'.repeat(64)
  const opened = {
    artefact: {
      id: `tw1:${digest}`,
      source: { kind: 'folder' as const, ref: folder },
      files: [{ path, size: statSync(join(folder, path)).size, sha256: digest }],
      size: 0,
      digests: { sha256: digest, dirHash: digest },
      problems: [],
      ignored: [],
    },
    locate: (name: string) => join(folder, name),
  }
  const facts = await readFacts(opened, { isolation: 'in-process' })
  const before = process.cpuUsage()
  const begun = performance.now()
  const fingerprint = await fingerprintModel(opened, facts, { threads })
  const wall = (performance.now() - begun) / 1000
  const { user, system } = process.cpuUsage(before)
  const memory = process.resourceUsage().maxRSS * 1024
  return { cpu: (user + system) / 1e6, wall, memory, bytes: encodeFingerprint(fingerprint).length }
}

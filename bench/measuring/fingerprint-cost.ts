/**
 * What taking one fingerprint costs alone, without intake, which hashes the files for its own purpose and has a bar of
 * its own.
 */
import { sha256 } from '../../src/base/index.ts'
import { encodeFingerprint, fingerprintModel } from '../../src/lineage/index.ts'
import { openUndigested } from './undigested.ts'

const FILE = 'model.safetensors'

/** Seconds and bytes. */
export interface FingerprintCost {
  readonly cpu: number
  readonly wall: number
  /** Peak resident memory of this process. */
  readonly memory: number
  /** Size of the fingerprint. */
  readonly bytes: number
  /** SHA-256 of it. */
  readonly digest: string
}

/** Takes the fingerprint of a folder with one `model.safetensors`. */
export async function measureFingerprint(folder: string, threads: number): Promise<FingerprintCost> {
  const { opened, facts } = await openUndigested(folder, [FILE])
  const before = process.cpuUsage()
  const begun = performance.now()
  const fingerprint = await fingerprintModel(opened, facts, { threads })
  const wall = (performance.now() - begun) / 1000
  const { user, system } = process.cpuUsage(before)
  const memory = process.resourceUsage().maxRSS * 1024
  const encoded = encodeFingerprint(fingerprint)
  return { cpu: (user + system) / 1e6, wall, memory, bytes: encoded.length, digest: sha256(encoded) }
}

/**
 * Readers of untrusted bytes: files become facts.
 *
 * The readers themselves are loaded only in the process that reads, or when somebody asks for them, so that importing
 * this costs next to nothing.
 */
import type * as policyExport from './pickle/policy/export.ts'
import type { FormatReader } from './reader.ts'

export { ANOMALIES } from './anomalies.ts'
export type { AnomalyMeaning } from './anomaly-list.ts'
export * from './budget.ts'
export type { ByteSource } from './byte-source.ts'
export * from './facts.ts'
export { hiddenProgramIn } from './python/payloads.ts'
export { memorySource } from './memory-source.ts'
export { peekFacts, type PartialFile } from './peek-facts.ts'
export { readFacts, type ReadOptions, type ReadProgress } from './read-facts.ts'
export type * from './reader.ts'

/** All readers, in order of preference: for documentation, and to read single sources in this process. */
export async function loadReaders(): Promise<readonly FormatReader[]> {
  const { READERS } = await import('./registry.ts')
  return READERS
}

/** Policies of pickles in the form that loaders take. */
export async function loadPolicyExport(): Promise<typeof policyExport> {
  return import('./pickle/policy/export.ts')
}

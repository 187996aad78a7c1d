/**
 * Reads bytes with every reader there is, as a file of an artefact would be read.
 */
import { Budget } from '../formats/budget.ts'
import type { FileFacts } from '../formats/facts.ts'
import { memorySource } from '../formats/memory-source.ts'
import { readFile } from '../formats/read-file.ts'
import { READERS } from '../formats/registry.ts'

/** Facts of a file under this name, and of what lies within it, as they stand in the facts of an artefact. */
export function readBytesAs(path: string, bytes: Uint8Array): readonly FileFacts[] {
  const budget = new Budget()
  const { members = [], ...facts } = readFile({ path, source: memorySource(bytes, budget), budget }, READERS)
  return [facts, ...members]
}

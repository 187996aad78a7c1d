/** A request to read bytes that hold no further files, for tests of what reads a part of a file. */
import { Budget } from '../formats/budget.ts'
import { memorySource } from '../formats/memory-source.ts'
import type { ReadRequest } from '../formats/reader.ts'

/** A request of its own budget. */
export function streamRequest(bytes: Uint8Array): ReadRequest {
  const budget = new Budget()
  const readMember = (): never => {
    throw new Error('these bytes hold no files')
  }
  return { path: 'stream.pkl', source: memorySource(bytes, budget), budget, depth: 0, peek: false, readMember }
}

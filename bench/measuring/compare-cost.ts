/** What one comparison costs alone, after intake and reading. */
import { compareModels } from '../../src/lineage/index.ts'
import { openShaped } from './shaped-pair.ts'

/** Seconds and bytes. */
export interface CompareCost {
  readonly cpu: number
  readonly wall: number
  /** Peak resident memory of this process. */
  readonly memory: number
  readonly verdict: string
}

/** Compares two models twice and tells of the second time, which finds the weights in the page cache. */
export async function measureCompare(first: string, second: string): Promise<CompareCost> {
  const [a, b] = [await openShaped(first), await openShaped(second)]
  await compareModels(a, b)
  const before = process.cpuUsage()
  const begun = performance.now()
  const { verdict } = await compareModels(a, b)
  const wall = (performance.now() - begun) / 1000
  const { user, system } = process.cpuUsage(before)
  return { cpu: (user + system) / 1e6, wall, memory: process.resourceUsage().maxRSS * 1024, verdict }
}

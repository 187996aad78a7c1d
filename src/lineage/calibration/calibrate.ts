/**
 * Makes a zoo again and measures our own error rates on it. The one way in.
 *
 * Guarantee: the result is a function of the size of the zoo and of the version; a run that was stopped goes on where
 * it was. Files and time belong to the caller.
 */
import { METHOD_VERSION } from '../weights/assemble-comparison.ts'
import { calibrationOf, type Calibration } from './calibration.ts'
import { ZooKeep, type ModelStore } from './zoo/keep.ts'
import { planZoo } from './zoo/pairs.ts'
import { fullZoo, quickZoo, type ZooSize } from './zoo/recipe.ts'
import { runPairs, type PairOutcome } from './zoo/run-pairs.ts'

/** The seed of the zoo behind the published tables. */
export const ZOO_SEED = 'tidewaiter zoo 1'

/** How large. */
export interface CalibrateSize {
  readonly seed?: string
  /** Independent models; at least 4. */
  readonly bases?: number
  /** A zoo of a minute instead. */
  readonly quick?: boolean
}

/** What a run needs of the world. */
export interface CalibrateOptions extends CalibrateSize {
  readonly models: ModelStore
  /** Outcomes of an earlier run of the same size and version. */
  readonly known: readonly PairOutcome[]
  readonly signal?: AbortSignal
  /** Called with each new outcome; may wait, and the run waits for it. */
  onOutcome(outcome: PairOutcome): Promise<void>
  onProgress?(progress: { readonly done: number; readonly total: number }): void
}

/** The size that the options mean. */
export function zooSize({ seed = ZOO_SEED, bases, quick = false }: CalibrateSize): ZooSize {
  if (quick) return quickZoo(seed)
  return fullZoo(seed, bases)
}

/** What a journal must begin with to be gone on with. */
export function journalHead(size: CalibrateSize): { readonly version: string; readonly zoo: ZooSize } {
  return { version: METHOD_VERSION, zoo: zooSize(size) }
}

/** Calibrates; see the module. @throws Fault `cancelled` */
export async function calibrate(options: CalibrateOptions): Promise<Calibration> {
  const plan = planZoo(zooSize(options))
  const keep = new ZooKeep(plan.recipes, options.models)
  const outcomes = await runPairs(plan.pairs, keep, options)
  return calibrationOf(outcomes, plan)
}

/** Attribution of generated models in tests: writes them, opens them, holds them together. */
import { join } from 'node:path'
import { attribute, type Attribution } from '../lineage/attribution/index.ts'
import { openModel } from './models.ts'
import { ZOO_SHAPE, writeModel, writeQuantised, type ZooModel } from './zoo.ts'

/** A candidate of a test by its name. */
export type NamedModels = Readonly<Record<string, ZooModel>>

const LAYERS = Array.from({ length: ZOO_SHAPE.layers }, (_, a) => ({ a, b: a, fixed: 96, sampled: 96 }))
/** What comparing with a relative whose layers stand in the same order gives. */
const KIN = { verdict: 'derived', direction: 'open', log10p: -100, layers: LAYERS } as const

/** Attributes a suspect to candidates, all of them taken for kin in the order of their layers. */
export async function attributeModels(
  folder: string,
  suspect: ZooModel,
  candidates: NamedModels,
  type: 'BF16' | 'F32' | 'q8_0' = 'BF16',
): Promise<Attribution> {
  const path = join(folder, 'suspect')
  const written = type === 'q8_0' ? writeQuantised(`${path}.gguf`, suspect) : writeModel(path, suspect, type)
  const opened = Object.entries(candidates).map(async ([ref, model]) => ({
    ref,
    side: await openModel(writeModel(join(folder, ref), model)),
    comparison: KIN,
  }))
  return attribute(await openModel(written), await Promise.all(opened))
}

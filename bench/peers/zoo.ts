/** The zoo of a calibration that was run, as peers see its models. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeModel } from '../../src/lineage/calibration/model-file.ts'
import type { ZooModel } from '../../src/lineage/calibration/model.ts'
import { ZooKeep } from '../../src/lineage/calibration/zoo/keep.ts'
import { planZoo, type ZooPlan } from '../../src/lineage/calibration/zoo/pairs.ts'
import type { ZooSize } from '../../src/lineage/calibration/zoo/recipe.ts'
import type { Weights } from '../../src/lineage/weights/weights.ts'
import type { PeerModel } from './methods.ts'

/** Plan and models. */
export interface OpenedZoo {
  readonly plan: ZooPlan
  /** True when everything that was trained for this model lies in the folder. */
  isThere(name: string): boolean
  weights(name: string): Weights
  /** With the values that are stored, so that a quantised model has quantised values. */
  model(name: string): PeerModel & ZooModel
}

/** Opens the folder of a calibration, finished or not. */
export function openZoo(folder: string): OpenedZoo {
  const [head = ''] = readFileSync(join(folder, 'journal.jsonl'), 'utf8').split('\n', 1)
  const plan = planZoo((JSON.parse(head) as { readonly zoo: ZooSize }).zoo)
  const pathOf = (name: string): string => join(folder, 'models', name.replaceAll('/', '+'), 'model.safetensors')
  const isThere = (name: string): boolean => {
    const recipe = plan.recipes.get(name)
    return recipe?.trained === true ? existsSync(pathOf(name)) : (recipe?.parents.every(isThere) ?? false)
  }
  const keep = new ZooKeep(plan.recipes, {
    load(name, shape) {
      return existsSync(pathOf(name)) ? decodeModel(readFileSync(pathOf(name)), shape) : undefined
    },
    save: () => {},
  })
  return {
    plan,
    isThere,
    weights: (name) => keep.weights(name),
    model(name) {
      const { shape } = keep.model(name)
      const weights = keep.weights(name)
      const parts = new Map(weights.model.parts.map((part) => [part.tensor.name, part]))
      const tensors = [...parts].map(
        ([tensor, part]) => [tensor, { shape: part.tensor.shape, values: weights.rows(part, 0, part.rows) }] as const,
      )
      const values = new Map(tensors.map(([tensor, { values: numbers }]) => [tensor, numbers]))
      return {
        ...shape,
        shape,
        tensors: new Map(tensors),
        values: (tensor) => values.get(tensor) ?? new Float32Array(0),
      }
    },
  }
}

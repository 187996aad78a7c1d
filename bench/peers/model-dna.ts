/** The PyPI package modeldna, run as it is on folders of the zoo's models. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { configOf, encodeModel } from '../../src/lineage/calibration/model-file.ts'
import type { ZooModel } from '../../src/lineage/calibration/model.ts'

/** Its answer. */
export interface ModelDnaAnswer {
  readonly verdict: string
  readonly probability: number
}

function writeFolder(folder: string, model: ZooModel): string {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'model.safetensors'), encodeModel(model))
  writeFileSync(join(folder, 'config.json'), configOf(model.shape))
  return folder
}

/** Asks whether `a` descends from `b`. @param program path of the command modeldna */
export function askModelDna(
  program: string,
  folder: string,
  [a, b]: readonly [ZooModel, ZooModel],
): ModelDnaAnswer | null {
  const words = ['compare', writeFolder(join(folder, 'a'), a), writeFolder(join(folder, 'b'), b), '--json']
  const { stdout, status } = spawnSync(program, words, {
    encoding: 'utf8',
    env: { ...process.env, HF_HUB_OFFLINE: '1' },
  })
  if (status !== 0) return null
  const { verdict } = JSON.parse(stdout) as { readonly verdict: ModelDnaAnswer }
  return { verdict: verdict.verdict, probability: verdict.probability }
}

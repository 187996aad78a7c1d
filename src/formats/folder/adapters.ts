/**
 * An adapter: do its configuration and its weights belong together?
 *
 * Source: peft `LoraConfig`: `r`, `rank_pattern`, `target_modules`; tensor names end in `lora_A.weight` and
 * `lora_B.weight` under the module that they change.
 */
import type { FileFacts, TensorFact } from '../facts.ts'
import { quoteName } from '../names.ts'
import { type Folder, type FolderAnomalies, hasTensors, metadataOf } from './folder.ts'

const CONFIG = 'adapter_config.json'
const WEIGHTS = ['adapter_model.safetensors', 'adapter_model.bin']
const LORA = /^(.*)\.(lora_A|lora_B)(?:\.[^.]+)?\.weight$/

/** The modules that a LoRA adapter changes, with the rank of each half. */
function loraModules(
  tensors: readonly TensorFact[],
): readonly { readonly module: string; readonly rank: number | undefined }[] {
  return tensors.flatMap((tensor) => {
    const [, module, half] = LORA.exec(tensor.name) ?? []
    return module === undefined ? [] : [{ module, rank: tensor.shape[half === 'lora_A' ? 0 : 1] }]
  })
}

function checkLora(config: FileFacts, tensors: readonly TensorFact[], anomalies: FolderAnomalies): void {
  const metadata = metadataOf(config)
  const modules = loraModules(tensors)
  const rank = metadata.get('/r')
  const varies = [...metadata.keys()].some((key) => key.startsWith('/rank_pattern/'))
  const other = varies || typeof rank !== 'number' ? undefined : modules.find((module) => module.rank !== rank)
  if (other !== undefined) {
    const message = `${quoteName(other.module)} has rank ${other.rank}; the configuration says ${String(rank)}`
    anomalies.add('adapter-contradicts-tensors', message, { path: config.path, locus: '/r' })
  }
  const targets = metadata.get('/target_modules')
  for (const target of Array.isArray(targets) ? (targets as readonly unknown[]) : []) {
    if (typeof target !== 'string' || modules.some(({ module }) => module === target || module.endsWith(`.${target}`)))
      continue
    const message = `no tensor changes the module ${quoteName(target)}`
    anomalies.add('adapter-contradicts-tensors', message, { path: config.path, locus: '/target_modules' })
  }
}

/** Checks the adapter of a folder, if there is one. */
export function checkAdapters(folder: Folder, anomalies: FolderAnomalies): void {
  const config = folder.files.get(CONFIG)
  const weights = WEIGHTS.map((name) => folder.files.get(name)).find((file) => file !== undefined)
  if (config !== undefined && weights === undefined) {
    anomalies.add('adapter-weights-missing', 'no adapter weights stand beside the configuration', {
      path: config.path,
      locus: 'file',
    })
  }
  if (weights !== undefined && config === undefined) {
    anomalies.add('adapter-config-missing', `no ${CONFIG} stands beside the weights`, {
      path: weights.path,
      locus: 'file',
    })
  }
  if (config === undefined || weights === undefined || !hasTensors(weights)) return
  if (metadataOf(config).get('/peft_type') === 'LORA') checkLora(config, weights.tensors, anomalies)
}

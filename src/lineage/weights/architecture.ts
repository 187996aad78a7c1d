/**
 * What the configuration of a model claims about its architecture.
 *
 * Claims route and explain; they never weigh in a verdict, because whoever renames a model edits them first.
 */
import type { ArtefactFacts, MetadataFact } from '../../formats/index.ts'

/** Claims, as far as they were made. */
export interface Architecture {
  /** `model_type` of a Hugging Face configuration or `general.architecture` of a GGUF file. */
  readonly modelType: string | null
  /** Attention heads; needed to split q, k, v that are fused head by head. */
  readonly heads: number | null
  /** True when an adapter configuration stands among the files. */
  readonly adapter: boolean
  /** Weight files are packed by a scheme of this name (`gptq`, `awq`, `bitsandbytes`, `fp8`). */
  readonly quantisation: string | null
}

const KEYS = {
  modelType: ['model_type', 'general.architecture'],
  heads: ['num_attention_heads', 'n_head', '.attention.head_count'],
  quantisation: ['quantization_config.quant_method', 'quantization_config'],
} as const

function isNamed(key: string, wanted: readonly string[]): boolean {
  const plain = key.replace(/^\//, '').replaceAll('/', '.')
  return wanted.some((name) => (name.startsWith('.') ? plain.endsWith(name) : plain === name))
}

function find(metadata: readonly MetadataFact[], wanted: readonly string[]): unknown {
  return metadata.find(({ key }) => isNamed(key, wanted))?.value
}

function quantisationOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null || !('quant_method' in value)) return null
  return typeof value.quant_method === 'string' ? value.quant_method : null
}

/** Reads the claims from stored facts. */
export function readArchitecture(facts: ArtefactFacts): Architecture {
  const config = facts.files.find(({ path }) => /(^|\/)config\.json$/.test(path))
  const metadata = config?.metadata ?? facts.files.find(({ tensors }) => tensors.length > 0)?.metadata ?? []
  const modelType = find(metadata, KEYS.modelType)
  const heads = find(metadata, KEYS.heads)
  return {
    modelType: typeof modelType === 'string' ? modelType : null,
    heads: typeof heads === 'number' && Number.isSafeInteger(heads) && heads > 0 ? heads : null,
    adapter: facts.files.some(({ path }) => /(^|\/)adapter_config\.json$/.test(path)),
    quantisation: quantisationOf(find(metadata, KEYS.quantisation)),
  }
}

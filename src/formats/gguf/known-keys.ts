/**
 * The types that well-known GGUF keys must have.
 *
 * A loader that expects a u32 and finds a string may fail, convert or read something else; so a key of another type
 * is noted. Architecture keys begin with the name of the architecture (`llama.block_count`), so they are matched by
 * what follows it. The specification says u64 for several keys that every writer writes as u32: both are right.
 *
 * Source: the GGUF specification, "Standardized key-value pairs"; gguf-py `constants.py`.
 */
import type { MetadataFact } from '../facts.ts'
import type { GgufContext } from './context.ts'

const INTEGER = ['u32', 'u64', 'i32', 'u16', 'i64', 'u8', 'i16', 'i8'] as const
const SIZE = ['u32', 'u64', 'i32'] as const
const PER_LAYER = [...SIZE, 'array<u32>', 'array<i32>', 'array<u64>'] as const
const REAL = ['f32', 'f64'] as const
const TEXT = ['string'] as const
const TEXTS = ['array<string>'] as const
const FLAG = ['bool'] as const

const EXACT: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['general.alignment', ['u32']],
  ['general.file_type', SIZE],
  ['general.quantization_version', SIZE],
  ['general.tags', TEXTS],
  ['general.languages', TEXTS],
  ['general.base_model.count', SIZE],
  ['general.dataset.count', SIZE],
  ['split.no', INTEGER],
  ['split.count', INTEGER],
  ['split.tensors.count', INTEGER],
  ['tokenizer.ggml.tokens', TEXTS],
  ['tokenizer.ggml.merges', TEXTS],
  ['tokenizer.ggml.scores', ['array<f32>']],
  ['tokenizer.ggml.token_type', ['array<i32>', 'array<u32>']],
  ['tokenizer.ggml.token_type_count', SIZE],
  ['tokenizer.chat_templates', TEXTS],
])

const BY_ENDING: readonly (readonly [ending: string, types: readonly string[]])[] = [
  ['_token_id', INTEGER],
  ['.block_count', SIZE],
  ['.context_length', SIZE],
  ['.embedding_length', SIZE],
  ['.vocab_size', SIZE],
  ['.expert_count', SIZE],
  ['.expert_used_count', SIZE],
  ['.feed_forward_length', PER_LAYER],
  ['.attention.head_count', PER_LAYER],
  ['.attention.head_count_kv', PER_LAYER],
  ['.attention.layer_norm_epsilon', REAL],
  ['.attention.layer_norm_rms_epsilon', REAL],
  ['.rope.freq_base', REAL],
  ['.rope.dimension_count', SIZE],
]

const GENERAL_TEXT_NAMES: ReadonlySet<string> = new Set(
  `type architecture name author version organization finetune basename description quantized_by size_label license
   license.name license.link url doi uuid repo_url`.split(/\s+/),
)
const NUMBERED_TEXT = /^(base_model|dataset)\.\d+\.[a-z_]+$|^source\.[a-z_.]+$/
const TOKENIZER_TEXT = /^(tokenizer\.ggml\.(model|pre)|tokenizer\.huggingface\.json|tokenizer\.chat_template(\..+)?)$/
const TOKENIZER_FLAG = /^tokenizer\.ggml\.(add_(bos|eos|sep)_token|add_space_prefix|remove_extra_whitespaces)$/

function isGeneralText(key: string): boolean {
  const name = key.startsWith('general.') ? key.slice('general.'.length) : ''
  return GENERAL_TEXT_NAMES.has(name) || NUMBERED_TEXT.test(name)
}

/** The types that a key may have, or undefined for keys that the specification does not name. */
function expectedTypes(key: string): readonly string[] | undefined {
  const exact = EXACT.get(key)
  if (exact !== undefined) return exact
  if (isGeneralText(key) || TOKENIZER_TEXT.test(key)) return TEXT
  if (TOKENIZER_FLAG.test(key)) return FLAG
  return BY_ENDING.find(([ending]) => key.endsWith(ending))?.[1]
}

/** Notes a well-known key whose value has another type. */
export function checkKeyType(context: GgufContext, fact: MetadataFact): void {
  const expected = expectedTypes(fact.key)
  if (expected === undefined || expected.includes(fact.type)) return
  context.anomalies.add('ggf-key-type', `${context.locus} is ${fact.type}, not ${expected[0]}`, {
    locus: context.locus,
  })
}

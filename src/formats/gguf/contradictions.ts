/**
 * Does the metadata of a GGUF file say of the tensors what they are?
 *
 * A loader sizes its buffers by one and fills them from the other, and a reader of the report believes the former.
 * Parts of a split file hold some of the tensors only, so there only what cannot be right in any part is noted.
 */
import type { MetadataFact, TensorFact } from '../facts.ts'
import type { GgufAnomaly } from './anomalies.ts'
import type { GgufContext } from './context.ts'
import { contradictFileType } from './file-types.ts'

/** Metadata by key, and all tensors of the file. */
export interface Content {
  readonly byKey: ReadonlyMap<string, MetadataFact>
  readonly tensors: readonly TensorFact[]
}

function numberAt({ byKey }: Content, key: string): number | undefined {
  const value = byKey.get(key)?.value
  return typeof value === 'number' ? value : undefined
}

function lengthAt({ byKey }: Content, key: string): number | undefined {
  const fact = byKey.get(key)
  return fact?.count ?? (Array.isArray(fact?.value) ? fact.value.length : undefined)
}

function architectureOf({ byKey }: Content): string {
  const value = byKey.get('general.architecture')?.value
  return typeof value === 'string' ? value : ''
}

/** Notes every contradiction. */
export function checkContradictions(context: GgufContext, content: Content): void {
  const note = (code: GgufAnomaly, message: string | undefined, locus: string) => {
    if (message !== undefined) context.anomalies.add(code, message, { locus })
  }
  const architecture = architectureOf(content)
  if (content.tensors.length > 0 && !content.byKey.has('general.architecture'))
    note('ggf-missing-key', 'general.architecture is missing', 'general.architecture')
  note('ggf-block-count', contradictBlocks(content, architecture), `${architecture}.block_count`)
  note('ggf-embedding-length', contradictWidth(content, architecture), `${architecture}.embedding_length`)
  note('ggf-vocabulary', contradictVocabulary(content, architecture), 'tokenizer.ggml.tokens')
  note('ggf-tokenizer', contradictTokenizer(content), 'tokenizer.ggml')
  note('ggf-split', contradictSplit(content), 'split.no')
  const fileType = numberAt(content, 'general.file_type')
  if (fileType !== undefined && !isPart(content))
    note('ggf-file-type', contradictFileType(fileType, content.tensors), 'general.file_type')
}

function isPart(content: Content): boolean {
  return (numberAt(content, 'split.count') ?? 0) > 1
}

function contradictBlocks(content: Content, architecture: string): string | undefined {
  const declared = numberAt(content, `${architecture}.block_count`)
  const numbers = content.tensors.flatMap(({ name }) => /^blk\.(\d{1,9})\./.exec(name)?.[1] ?? [])
  if (declared === undefined || numbers.length === 0) return undefined
  const present = numbers.reduce((most, number) => Math.max(most, Number(number) + 1), 0)
  const extra = numberAt(content, `${architecture}.nextn_predict_layers`) ?? 0
  const tooFew = !isPart(content) && present < declared - extra
  if (present <= declared + extra && !tooFew) return undefined
  return `${declared} blocks are declared and the tensors have ${present}`
}

function embeddingOf(content: Content): TensorFact | undefined {
  return content.tensors.find(({ name, shape }) => name === 'token_embd.weight' && shape.length === 2)
}

function contradictWidth(content: Content, architecture: string): string | undefined {
  const declared = numberAt(content, `${architecture}.embedding_length`)
  const width = embeddingOf(content)?.shape[1]
  if (declared === undefined || width === undefined || content.byKey.has(`${architecture}.features_length`))
    return undefined
  return declared === width
    ? undefined
    : `an embedding length of ${declared} is declared and token_embd.weight has ${width}`
}

function contradictVocabulary(content: Content, architecture: string): string | undefined {
  const sizes = [
    ['tokens', lengthAt(content, 'tokenizer.ggml.tokens')],
    ['declared', numberAt(content, `${architecture}.vocab_size`)],
    ['rows of token_embd.weight', embeddingOf(content)?.shape[0]],
  ] as const
  const known = sizes.filter(([, size]) => size !== undefined)
  if (new Set(known.map(([, size]) => size)).size <= 1) return undefined
  return `vocabulary sizes differ: ${known.map(([what, size]) => `${size} ${what}`).join(', ')}`
}

function contradictTokenizer(content: Content): string | undefined {
  const tokens = lengthAt(content, 'tokenizer.ggml.tokens')
  if (tokens === undefined) return undefined
  for (const list of ['tokenizer.ggml.scores', 'tokenizer.ggml.token_type']) {
    const length = lengthAt(content, list)
    if (length !== undefined && length !== tokens) return `${list} has ${length} items for ${tokens} tokens`
  }
  for (const [key, { value }] of content.byKey) {
    const isId = key.startsWith('tokenizer.ggml.') && key.endsWith('_token_id')
    if (isId && typeof value === 'number' && value >= tokens && value !== 0xffffffff)
      return `${key} is ${value}, outside the vocabulary of ${tokens}`
  }
  return undefined
}

function contradictSplit(content: Content): string | undefined {
  const number = numberAt(content, 'split.no') ?? 0
  const count = numberAt(content, 'split.count') ?? 0
  return number > 0 && number >= count ? `split.no is ${number} of ${count} parts` : undefined
}

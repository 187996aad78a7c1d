/**
 * Does config.json describe the tensors that stand beside it?
 *
 * Only what the usual loaders take from both is compared, by the names that the common architectures use; a size is
 * contradicted when no tensor of its kind agrees with it, so that a model of several towers is not blamed for one.
 */
import type { FileFacts, TensorFact } from '../facts.ts'
import { type Folder, type FolderAnomalies, hasTensors, metadataOf } from './folder.ts'

const EMBEDDING = /(?:^|\.)(?:embed_tokens|wte|word_embeddings|tok_embeddings|embed_in|token_embedding|shared)\.weight$/
const HEAD = /(?:^|\.)(?:lm_head|embed_out|output_layer|output|head|decoder)\b|lm_head/
const LAYER = /^(.*?(?:^|\.)(?:layers|layer|h|blocks|block))\.(\d+)\./
const WIDENING = /\.mlp\.(?:gate_proj|up_proj)\.weight$|\.intermediate\.dense\.weight$/
/** Types in which one element is one number, so that shapes are those of the configuration. */
const UNPACKED = /^(?:F64|F32|F16|BF16|F8_\w+)$/
const MULTI_TOWER = '/text_config'

/** A configuration and the tensors beside it. */
interface Model {
  readonly config: FileFacts
  readonly values: ReadonlyMap<string, unknown>
  readonly tensors: readonly TensorFact[]
  readonly anomalies: FolderAnomalies
}

/** Whole numbers that the configuration gives under any of these names. */
function numbersAt({ values }: Model, ...keys: readonly string[]): readonly number[] {
  const given = keys.flatMap((key) => [values.get(`/${key}`), values.get(`${MULTI_TOWER}/${key}`)]).flat()
  return given.filter((value): value is number => Number.isSafeInteger(value))
}

function contradict({ config, anomalies }: Model, key: string, message: string): void {
  anomalies.add('config-contradicts-tensors', message, { path: config.path, locus: `/${key}` })
}

function checkSizes(
  model: Model,
  key: string,
  { declared, found }: { declared: readonly number[]; found: ReadonlySet<number> },
): void {
  if (declared.length === 0 || found.size === 0 || declared.some((size) => found.has(size))) return
  contradict(model, key, `${key} is ${declared.join(' or ')}; the tensors say ${[...found].slice(0, 8).join(', ')}`)
}

function dimension(tensors: readonly TensorFact[], name: RegExp, axis: number): ReadonlySet<number> {
  const found = tensors.filter(
    (tensor) => name.test(tensor.name) && tensor.shape.length === 2 && UNPACKED.test(tensor.type),
  )
  return new Set(found.map(({ shape }) => shape[axis] as number))
}

/** Layers of each stack: one more than the largest number, as readers count them. */
function layerCounts(tensors: readonly TensorFact[]): ReadonlySet<number> {
  const stacks = new Map<string, number>()
  for (const { name } of tensors) {
    const [, stack, number] = LAYER.exec(name) ?? []
    if (stack !== undefined) stacks.set(stack, Math.max(stacks.get(stack) ?? 0, Number(number) + 1))
  }
  return new Set(stacks.values())
}

function checkLayers(model: Model): void {
  if (numbersAt(model, 'num_hidden_groups').length > 0) return
  const declared = numbersAt(model, 'num_hidden_layers', 'n_layer', 'n_layers', 'num_layers')
  const extra = numbersAt(model, 'num_nextn_predict_layers')
  const all = [...declared, ...declared.flatMap((layers) => extra.map((more) => layers + more))]
  checkSizes(model, 'num_hidden_layers', { declared: all, found: layerCounts(model.tensors) })
}

function checkTie(model: Model): void {
  const tie = model.values.get('/tie_word_embeddings')
  const generates = String(model.values.get('/architectures')).includes('ForCausalLM')
  const head = model.tensors.find(({ name }) => /(?:^|\.)lm_head\.weight$/.test(name))
  const embedding = model.tensors.find(({ name }) => EMBEDDING.test(name))
  if (tie === false && generates && embedding !== undefined && !model.tensors.some(({ name }) => HEAD.test(name))) {
    contradict(model, 'tie_word_embeddings', 'tie_word_embeddings is false; no tensor is the output head')
  }
  if (tie !== true || head === undefined || embedding === undefined) return
  if (head.type === embedding.type && head.shape.join() !== embedding.shape.join()) {
    contradict(model, 'tie_word_embeddings', 'tie_word_embeddings is true; embedding and head differ in shape')
  }
}

function checkConfig(model: Model): void {
  const { tensors } = model
  const rows = dimension(tensors, EMBEDDING, 0)
  checkSizes(model, 'vocab_size', { declared: numbersAt(model, 'vocab_size'), found: rows })
  const widths = numbersAt(model, 'hidden_size', 'n_embd', 'd_model', 'dim', 'embedding_size', 'word_embed_proj_dim')
  checkSizes(model, 'hidden_size', { declared: widths, found: dimension(tensors, EMBEDDING, 1) })
  const inner = numbersAt(model, 'intermediate_size', 'moe_intermediate_size', 'shared_expert_intermediate_size')
  checkSizes(model, 'intermediate_size', { declared: inner, found: dimension(tensors, WIDENING, 0) })
  checkLayers(model)
  checkTie(model)
}

function checkTokenizer(folder: Folder, tensors: readonly TensorFact[], anomalies: FolderAnomalies): void {
  const tokenizer = folder.files.get('tokenizer.json')
  const rows = [...dimension(tensors, EMBEDDING, 0)]
  if (tokenizer === undefined || tokenizer.reading === 'unread' || rows.length === 0) return
  const largest = metadataOf(tokenizer).get('vocabulary.largest-id')
  if (typeof largest !== 'number' || largest < Math.max(...rows)) return
  const message = `the largest token id is ${largest}; the embedding has ${Math.max(...rows)} rows`
  anomalies.add('tokenizer-contradicts-tensors', message, { path: tokenizer.path, locus: 'vocabulary' })
}

/** True when the tensors of the folder can be taken for the whole model. */
function isWhole(weights: readonly FileFacts[], folder: Folder): boolean {
  const named = [...folder.files.values()].filter(({ format }) => format === 'safetensors-index')
  const shards = named.flatMap(({ references }) => references.map(({ target }) => target))
  return weights.length > 0 && weights.every(hasTensors) && shards.every((shard) => folder.files.has(shard))
}

/** Checks config.json and tokenizer.json of a folder against the safetensors beside them. */
export function checkConfigs(folder: Folder, anomalies: FolderAnomalies): void {
  const weights = [...folder.files]
    .filter(([name, { format }]) => format === 'safetensors' && !name.startsWith('adapter_'))
    .map(([, file]) => file)
  if (!isWhole(weights, folder)) return
  const tensors = weights.flatMap((file) => file.tensors)
  const config = folder.files.get('config.json')
  if (config !== undefined && config.reading !== 'unread') {
    checkConfig({ config, values: metadataOf(config), tensors, anomalies })
  }
  checkTokenizer(folder, tensors, anomalies)
}

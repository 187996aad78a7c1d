/**
 * Canonicalisation, first half: tensor names become roles, fused tensors fall apart, stacks are told apart.
 *
 * The result knows nothing of Llama or GGUF any more: a list of parts, and for the main stack (the one that holds
 * most weights in its MLPs) the layers from 0. Names that no table knows go to the generic reading by shapes.
 *
 * Guarantee: pure; any list of tensor facts gives a model, if need be one without parts and with the reason.
 */
import type { ArtefactFacts, TensorFact } from '../../formats/index.ts'
import { findTensorLayout } from '../../simd/index.ts'
import { readArchitecture, type Architecture } from './architecture.ts'
import { splitDoubledUp, splitFused } from './fused.ts'
import { genericRoles } from './generic-roles.ts'
import { readGraphWeights, type GraphWeight } from './grid.ts'
import { matchNames, type NamedRole } from './match-names.ts'
import { partKey, partSize, type Part } from './part.ts'
import { describePacked } from './unread.ts'

/** See the module. Tensors of a known type that no test looks at are parts of the role `other`. */
export interface RoleModel {
  /** Id of the table that read most names, or `generic`. */
  readonly family: string
  readonly architecture: Architecture
  /** Parts of the main stack and of no stack, each key once. */
  readonly parts: readonly Part[]
  /** Layers of the main stack. */
  readonly layers: number
  /** Weight tensors of the artefact, with and without a role. */
  readonly tensors: readonly TensorFact[]
  /** Why this model cannot be compared; null when it can. */
  readonly unusable: string | null
}

/** More tensors or layers than any model has: the artefact is not read further. */
const MOST_TENSORS = 200_000
const MOST_LAYERS = 1024

const ADAPTER_NAME = /\.(lora_[AB]|lora_embedding_[AB]|lora_magnitude_vector|hada_w\d_[ab]|oft_[a-z]+)(\.|$)/
const PACKED_NAME = /\.(qweight|qzeros|scales|g_idx|absmax|quant_map|weight_scale|weight_scale_inv|input_scale)$/

/** Reads the roles of all tensors of a model. */
export function readRoles(facts: ArtefactFacts): RoleModel {
  const architecture = readArchitecture(facts)
  const tensors = facts.files.flatMap((file) => file.tensors).filter(({ packed }) => packed === undefined)
  const scales = new Set(facts.files.flatMap(({ weightUses = [] }) => weightUses.flatMap(({ scale = [] }) => scale)))
  const loose = tensors.filter(({ name }) => !scales.has(name))
  const unusable = tensors.length === 0 ? nothingToRead(facts) : findUnusable(loose, architecture)
  if (unusable !== null) return { family: 'none', architecture, parts: [], layers: 0, tensors, unusable }
  const graph = new Map(facts.files.flatMap((file) => [...readGraphWeights(file)]))
  const nameOf = ({ name }: TensorFact): string => graph.get(name)?.use.name ?? name
  const named = matchNames(tensors.map(nameOf))
  const parts = tensors.flatMap((tensor) =>
    namedParts(tensor, named.roles.get(nameOf(tensor)), architecture).map((part) => inGraph(part, graph)),
  )
  if (parts.some(({ role }) => role === 'up' || role === 'down' || role === 'gate'))
    return finish(named.family, parts, { architecture, tensors })
  const guessed = genericRoles(tensors)
  const known = new Set(guessed.map(({ tensor }) => tensor.name))
  const rest = tensors
    .filter(({ name }) => !known.has(name))
    .flatMap((tensor) => namedParts(tensor, undefined, architecture))
  return finish('generic', [...guessed, ...rest], { architecture, tensors })
}

function nothingToRead(facts: ArtefactFacts): string {
  const packed = describePacked(facts)
  return packed === '' ? 'no weight tensors were found' : `no weights that can be read were found, but ${packed}`
}

function findUnusable(tensors: readonly TensorFact[], architecture: Architecture): string | null {
  if (tensors.length > MOST_TENSORS) return `${tensors.length} tensors; at most ${MOST_TENSORS} are read`
  const adapters = tensors.filter(({ name }) => ADAPTER_NAME.test(name)).length
  if (adapters * 2 > tensors.length || (architecture.adapter && adapters > 0))
    return 'these are the weights of an adapter alone: a base cannot be told from an adapter'
  const packed = tensors.filter(({ name }) => PACKED_NAME.test(name)).length
  if (packed > 0)
    return `${packed} tensors belong to a packing (${architecture.quantisation ?? 'GPTQ, AWQ, bitsandbytes or scaled fp8'}) that is not decoded`
  if (!tensors.some(isDecodable)) return `no tensor has a type that can be decoded (${tensors[0]?.type ?? 'none'})`
  return null
}

/** What the graph of its file says of a part: which way round it is stored, and what its integers stand for. */
function inGraph(part: Part, graph: ReadonlyMap<string, GraphWeight>): Part {
  const known = graph.get(part.tensor.name)
  if (known === undefined) return part
  const { use, grid } = known
  return {
    ...part,
    transposed: part.transposed !== use.transposed,
    ...(Object.keys(grid).length === 0 ? {} : { grid }),
  }
}

const UNNAMED: NamedRole = { rule: { pattern: '', role: 'other' }, bias: false, stack: '', layer: -1, expert: -1 }

function isDecodable({ type }: TensorFact): boolean {
  return findTensorLayout(type)?.decodable === true
}

function namedParts(tensor: TensorFact, named: NamedRole | undefined, architecture: Architecture): Part[] {
  const columns = tensor.shape.at(-1) ?? 1
  const rows = tensor.shape.slice(0, -1).reduce((product, size) => product * size, 1)
  if (columns < 1 || rows < 1) return []
  const { rule, bias, stack, layer, expert } = isDecodable(tensor) ? (named ?? UNNAMED) : UNNAMED
  const rope = isInterleaved(tensor, architecture) ? 'interleaved' : 'half'
  const whole = { role: rule.role, bias, stack, layer, expert, tensor, firstRow: 0, rows, columns, rope } as const
  return splitFused({ ...whole, transposed: rule.transposed === true && !bias }, rule.perHead === true)
}

/** llama.cpp's converter reorders the rows of q and k for the architecture `llama` alone. */
function isInterleaved(tensor: TensorFact, { modelType }: Architecture): boolean {
  return modelType === 'llama' && /^blk\.\d+\.attn_[qk]\./.test(tensor.name)
}

function mainStack(parts: readonly Part[]): string {
  const weight = new Map<string, number>()
  for (const part of parts) {
    if (part.layer < 0 || !['gate', 'up', 'down'].includes(part.role)) continue
    weight.set(part.stack, (weight.get(part.stack) ?? 0) + partSize(part))
  }
  return [...weight].reduce((best, entry) => (entry[1] > best[1] ? entry : best), ['', 0] as const)[0]
}

/** Parts of side stacks and parts that claim a place that is taken are kept, but no test looks at them. */
function asOther(part: Part): Part {
  return { ...part, role: 'other', bias: false, stack: '', layer: -1, expert: -1 }
}

/** Tensors of one name (several quantisations in one folder) that are told apart; more share the last number. */
const MOST_NAMESAKES = 64

function numbered(byKey: ReadonlyMap<string, Part>, part: Part): Part {
  const numbers = Array.from({ length: MOST_NAMESAKES }, (_, number) => ({ ...part, expert: number }))
  return numbers.find((each) => !byKey.has(partKey(each))) ?? part
}

function finish(
  family: string,
  all: readonly Part[],
  rest: { readonly architecture: Architecture; readonly tensors: readonly TensorFact[] },
): RoleModel {
  const stack = mainStack(all)
  const numbers = [...new Set(all.filter((part) => part.layer >= 0 && part.stack === stack).map(({ layer }) => layer))]
  const places = new Map(numbers.toSorted((a, b) => a - b).map((number, place) => [number, place]))
  if (places.size > MOST_LAYERS)
    return { family, ...rest, parts: [], layers: 0, unusable: `${places.size} layers; at most ${MOST_LAYERS} are read` }
  const placed = all.map((part) => {
    if (part.layer < 0) return part
    return part.stack === stack ? { ...part, layer: places.get(part.layer) ?? -1 } : asOther(part)
  })
  const byKey = new Map<string, Part>()
  for (const part of [...Map.groupBy(placed, ({ layer }) => layer).values()].flatMap(splitDoubledUp)) {
    const kept = byKey.has(partKey(part)) ? numbered(byKey, asOther(part)) : part
    byKey.set(partKey(kept), kept)
  }
  return { family, ...rest, parts: [...byKey.values()], layers: places.size, unusable: null }
}

/**
 * What a configuration points at: code, classes, repositories, addresses and paths.
 *
 * Loaders act on some keys: `auto_map` names a class of a Python file in the repository (or, after `repo--`, in
 * another one), `_target_` any importable name. Others say where the model came from. Everything that looks like an
 * address or leaves the folder is noted under whatever key it stands. Nothing is judged here.
 *
 * Source: transformers `dynamic_module_utils`, diffusers `modular_pipeline`, hydra `instantiate`, peft `auto_mapping`,
 * sentence-transformers `modules.json`.
 */
import type { ReferenceFact } from '../facts.ts'

const ADDRESS = /^[a-z][a-z0-9+.-]{1,20}:\/\//i
const ADDRESS_INSIDE = /\b(?:https?|ftp|wss?|s3|gs|git\+ssh|git\+https|file):\/\/[^\s"'<>`]{1,400}/gi
const REPOSITORY = /^[A-Za-z0-9][\w.-]*(?:\/[\w.-]+)?$/
const DOTTED = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/
/** Absolute, home, drive, UNC, or with a step upwards. */
const LEAVING = /^(?:[/~]|[A-Za-z]:[\\/]|\\\\)|(?:^|[\\/])\.\.(?:[\\/]|$)/
const REPOSITORY_KEYS: ReadonlySet<string> = new Set([
  '_name_or_path',
  'base_model_name_or_path',
  'name_or_path',
  'pretrained_model_name_or_path',
  'tokenizer_name_or_path',
  'base_model',
])
const CODE_KEYS: ReadonlySet<string> = new Set(['custom_pipeline', 'custom_generate', 'trust_remote_code_path'])
const CLASS_KEYS: ReadonlySet<string> = new Set([
  '_target_',
  '_class_name',
  'parent_library',
  'base_model_class',
  '_partial_target_',
])
/** Where a graph of MXNet names an operator; `Custom` is one that a Python class of the application implements. */
const CUSTOM_OPERATOR = /^\/nodes\/\d+\/op$/
const MOST_ADDRESSES = 32

/** Where a string stands in a configuration. */
export interface StringPlace {
  readonly pointer: string
  /** The last object key above it. */
  readonly key: string
}

function kindOfLocation(value: string): ReferenceFact['kind'] | undefined {
  if (ADDRESS.test(value)) return 'url'
  if (LEAVING.test(value) || value.startsWith('./') || value.startsWith('.\\')) return 'path'
  return REPOSITORY.test(value) ? 'repository' : undefined
}

function kindByKey(value: string, { pointer, key }: StringPlace): ReferenceFact['kind'] | undefined {
  if (pointer.startsWith('/auto_map/') || pointer.startsWith('/custom_pipelines/') || CODE_KEYS.has(key)) return 'code'
  if (CUSTOM_OPERATOR.test(pointer) && value === 'Custom') return 'code'
  if (CLASS_KEYS.has(key)) return 'class'
  if (REPOSITORY_KEYS.has(key) && value !== '') return kindOfLocation(value) ?? 'path'
  return key === 'type' && DOTTED.test(value) ? 'class' : undefined
}

/**
 * The references that one string makes.
 *
 * @example
 * referencesIn('org/m--modeling.Net', { pointer: '/auto_map/AutoModel', key: 'AutoModel' })[0].kind // 'code'
 */
export function referencesIn(value: string, place: StringPlace): readonly ReferenceFact[] {
  const locus = place.pointer
  const byKey = kindByKey(value, place)
  if (byKey !== undefined) return [{ kind: byKey, target: value.slice(0, 4096), locus }]
  const addresses = value.match(ADDRESS_INSIDE)?.slice(0, MOST_ADDRESSES) ?? []
  if (addresses.length > 0) return addresses.map((target) => ({ kind: 'url', target, locus }))
  return value.length <= 1024 && LEAVING.test(value) ? [{ kind: 'path', target: value, locus }] : []
}

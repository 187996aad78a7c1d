/**
 * A sharded model: does the index say what the shards hold?
 *
 * A loader that trusts the index and one that opens every shard must come to the same model: every tensor is listed
 * once and stands where the index says, every shard is there, and no other lies beside them.
 */
import type { FileFacts } from '../facts.ts'
import { quoteName } from '../names.ts'
import { type Folder, type FolderAnomalies, hasTensors, metadataOf } from './folder.ts'

const WEIGHT_MAP = '/weight_map/'
const ESCAPES = /^[/\\~]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)|\\/

interface Index {
  readonly file: FileFacts
  /** Names of tensors by the name of the shard that the index gives them to. */
  readonly shards: ReadonlyMap<string, ReadonlySet<string>>
  /** Undefined when the index gives none. */
  readonly totalSize: number | undefined
}

function unescapeStep(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~')
}

function readIndex(file: FileFacts): Index {
  const shards = new Map<string, Set<string>>()
  for (const { key, value } of file.metadata) {
    if (!key.startsWith(WEIGHT_MAP) || typeof value !== 'string') continue
    const tensors = shards.get(value) ?? new Set<string>()
    tensors.add(unescapeStep(key.slice(WEIGHT_MAP.length)))
    shards.set(value, tensors)
  }
  const totalSize = metadataOf(file).get('/metadata/total_size')
  return { file, shards, totalSize: typeof totalSize === 'number' ? totalSize : undefined }
}

/** Whether every tensor of a shard is known by the name that the index gives it. */
function isNamed(shard: FileFacts): boolean {
  if (shard.format === 'torch-zip' || shard.format === 'torch-legacy') return shard.reading === 'full'
  return shard.format === 'safetensors' && hasTensors(shard)
}

function checkTensors(
  index: Index,
  shard: FileFacts,
  { listed, anomalies }: { listed: ReadonlySet<string>; anomalies: FolderAnomalies },
): void {
  const held = new Set(shard.tensors.map(({ name }) => name))
  const place = (name: string) => ({ path: index.file.path, locus: `tensor ${quoteName(name)}` })
  for (const name of listed) {
    if (!held.has(name))
      anomalies.add('stn-index-missing-tensor', `${quoteName(name)} is not in ${quoteName(shard.path)}`, place(name))
  }
  for (const name of held) {
    if (!listed.has(name))
      anomalies.add(
        'stn-index-extra-tensor',
        `${quoteName(name)} in ${quoteName(shard.path)} is not listed there`,
        place(name),
      )
  }
}

/** The shards that are there, each checked; those that are missing or escape are noted. */
function presentShards(index: Index, folder: Folder, anomalies: FolderAnomalies): readonly FileFacts[] {
  const present: FileFacts[] = []
  for (const [name, listed] of index.shards) {
    const place = { path: index.file.path, locus: `shard ${quoteName(name)}` }
    const shard = folder.files.get(name)
    if (ESCAPES.test(name))
      anomalies.add('stn-index-path', `the shard ${quoteName(name)} lies outside the folder`, place)
    else if (shard === undefined)
      anomalies.add('stn-index-missing-shard', `the shard ${quoteName(name)} is not there`, place)
    else {
      present.push(shard)
      if (isNamed(shard)) checkTensors(index, shard, { listed, anomalies })
    }
  }
  return present
}

/** Files beside the index that a loader would take for the same model, and that the index does not name. */
function checkExtra(index: Index, folder: Folder, anomalies: FolderAnomalies): void {
  const indexName = index.file.path.slice(folder.prefix.length)
  const [stem = '', ending = ''] = indexName.replace(/\.index\.json$/, '').split(/(\.[a-z]+)$/)
  for (const [name, { path }] of folder.files) {
    const isShard = name === stem + ending || (name.startsWith(`${stem}-`) && name.endsWith(ending))
    if (!isShard || index.shards.has(name)) continue
    anomalies.add('stn-index-extra-shard', `${quoteName(path)} stands beside the index, which does not name it`, {
      path: index.file.path,
      locus: `shard ${quoteName(name)}`,
    })
  }
}

function checkTotal(index: Index, present: readonly FileFacts[], anomalies: FolderAnomalies): void {
  const { file, shards, totalSize } = index
  const isComplete =
    present.length === shards.size && present.every((shard) => shard.format === 'safetensors' && hasTensors(shard))
  if (!isComplete || totalSize === undefined) return
  const sum = present.flatMap(({ tensors }) => tensors).reduce((total, { length }) => total + length, 0)
  if (sum === totalSize) return
  anomalies.add('stn-index-total-size', `the index gives ${totalSize} bytes, the tensors have ${sum}`, {
    path: file.path,
    locus: '/metadata/total_size',
  })
}

/** Checks every index of a folder against its shards. */
export function checkShards(folder: Folder, anomalies: FolderAnomalies): void {
  for (const file of folder.files.values()) {
    if (file.format !== 'safetensors-index' || file.reading === 'unread') continue
    const index = readIndex(file)
    const present = presentShards(index, folder, anomalies)
    checkExtra(index, folder, anomalies)
    checkTotal(index, present, anomalies)
  }
}

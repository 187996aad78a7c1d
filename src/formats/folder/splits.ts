/**
 * A GGUF model in several files: are all parts there, once, and do they hold what they declare?
 *
 * Source: `gguf-split` of llama.cpp: keys `split.no` (from 0), `split.count`, `split.tensors.count`, and names that end
 * in `-00001-of-00003.gguf` (from 1).
 */
import type { FileFacts } from '../facts.ts'
import { quoteName } from '../names.ts'
import { type Folder, type FolderAnomalies, metadataOf } from './folder.ts'

const SPLIT_NAME = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/

interface Part {
  readonly file: FileFacts
  readonly name: string
  /** Number of the part from 0. */
  readonly number: number
  readonly count: number
  /** Tensors of all parts together. */
  readonly tensors: unknown
}

function partOf(name: string, file: FileFacts): Part | undefined {
  const metadata = metadataOf(file)
  const [number, count] = [metadata.get('split.no'), metadata.get('split.count')]
  if (typeof number !== 'number' || typeof count !== 'number' || count < 2) return undefined
  return { file, name, number, count, tensors: metadata.get('split.tensors.count') }
}

function checkName({ file, name, number, count }: Part, anomalies: FolderAnomalies): void {
  const match = SPLIT_NAME.exec(name)
  if (match !== null && Number(match[2]) === number + 1 && Number(match[3]) === count) return
  const message = `${quoteName(name)} is part ${number + 1} of ${count} by its metadata`
  anomalies.add('split-name', message, { path: file.path, locus: 'split.no' })
}

function checkPresence(first: Part, parts: readonly Part[], anomalies: FolderAnomalies): boolean {
  const place = { path: first.file.path, locus: 'split.count' }
  const numbers = new Set(parts.map(({ number }) => number))
  for (const part of parts) {
    const twin = parts.find(({ number, file }) => number === part.number && file !== part.file)
    if (twin !== undefined && twin.file.path < part.file.path) {
      anomalies.add('split-duplicate', `${quoteName(part.name)} and ${quoteName(twin.name)} are the same part`, place)
    }
  }
  const missing = first.count - [...numbers].filter((number) => number < first.count).length
  if (missing > 0) anomalies.add('split-missing', `${missing} of ${first.count} parts are missing`, place)
  return missing === 0 && parts.length === first.count
}

function checkTensors(first: Part, parts: readonly Part[], anomalies: FolderAnomalies): void {
  const place = { path: first.file.path, locus: 'split.tensors.count' }
  const names = parts.flatMap(({ file }) => file.tensors.map(({ name }) => name))
  if (new Set(names).size !== names.length) anomalies.add('split-tensors', 'a tensor stands in two parts', place)
  if (first.tensors !== names.length) {
    anomalies.add('split-tensors', `${String(first.tensors)} tensors are declared, ${names.length} are there`, place)
  }
}

/** Checks the split GGUF models of a folder. */
export function checkSplits(folder: Folder, anomalies: FolderAnomalies): void {
  const models = new Map<string, Part[]>()
  for (const [name, file] of folder.files) {
    const part = file.format === 'gguf' && file.reading !== 'unread' ? partOf(name, file) : undefined
    if (part === undefined) continue
    checkName(part, anomalies)
    const stem = SPLIT_NAME.exec(name)?.[1] ?? name
    models.set(stem, [...(models.get(stem) ?? []), part])
  }
  for (const parts of models.values()) {
    const [first] = parts.toSorted((a, b) => a.number - b.number)
    if (first !== undefined && checkPresence(first, parts, anomalies)) checkTensors(first, parts, anomalies)
  }
}

/**
 * Tensors whose bytes lie in another file of the artefact: is the file there, and are they in it?
 */
import type { FileFacts } from '../facts.ts'
import { quoteName } from '../names.ts'
import type { FolderAnomalies } from './folder.ts'

/** Checks each tensor that lies in another file than the one that describes it. */
export function checkExternal(files: readonly FileFacts[], anomalies: FolderAnomalies): void {
  const sizes = new Map(files.map(({ path, size }) => [path, size]))
  for (const { path, tensors, container } of files) {
    const missing = new Set<string>()
    for (const { name, file, offset, length } of tensors) {
      if (file === path || container !== undefined) continue
      const size = sizes.get(file)
      const place = { path, locus: `tensor ${quoteName(name)}` }
      if (size === undefined) missing.add(file)
      else if (offset + length > size) {
        const message = `tensor ${quoteName(name)} takes bytes ${offset} to ${offset + length} of ${quoteName(file)}, which has ${size}`
        anomalies.add('external-outside', message, place)
      }
    }
    for (const file of missing)
      anomalies.add('external-missing', `${quoteName(file)}, which holds tensors, is not there`, {
        path,
        locus: `file ${quoteName(file)}`,
      })
  }
}

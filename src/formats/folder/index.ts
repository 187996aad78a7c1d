/**
 * What is seen between the files of an artefact: index and shards, parts of a split model, adapter and its
 * configuration, configuration and tensors, templates. Pure: facts in, anomalies out.
 */
import type { FileFacts } from '../facts.ts'
import { checkAdapters } from './adapters.ts'
import { checkConfigs } from './configs.ts'
import { checkExternal } from './external.ts'
import { FolderAnomalies, foldersOf, type LocatedAnomaly } from './folder.ts'
import { checkShards } from './shards.ts'
import { checkSplits } from './splits.ts'
import { checkTemplates } from './templates.ts'

export { settleDescribed, type UseFile } from './described.ts'

/** Holds the files of an artefact against each other, folder by folder. */
export function crossCheck(files: readonly FileFacts[]): readonly LocatedAnomaly[] {
  const anomalies = new FolderAnomalies()
  for (const folder of foldersOf(files)) {
    checkShards(folder, anomalies)
    checkSplits(folder, anomalies)
    checkAdapters(folder, anomalies)
    checkConfigs(folder, anomalies)
    checkTemplates(folder, anomalies)
  }
  checkExternal(files, anomalies)
  return anomalies.toArray()
}

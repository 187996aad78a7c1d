/** Models for tests of lineage: folders opened as the customs house opens them, each once. */
import { openArtefact, parseReference, type OpenedArtefact } from '../artefact/index.ts'
import { readFacts, type ArtefactFacts } from '../formats/index.ts'

/** A model with its weights and facts, ready for `compareModels`. */
export interface TestModel {
  readonly opened: OpenedArtefact
  readonly facts: ArtefactFacts
}

const models = new Map<string, Promise<TestModel>>()

async function open(folder: string): Promise<TestModel> {
  const opened = await openArtefact(parseReference(folder), { cacheFolder: folder, blocks: false, threads: 0 })
  return { opened, facts: await readFacts(opened, { isolation: 'in-process' }) }
}

/** Opens a folder or file. The same path is opened once in a process. */
export function openModel(folder: string): Promise<TestModel> {
  const known = models.get(folder) ?? open(folder)
  models.set(folder, known)
  return known
}

/**
 * The first two stages, which every command shares: a reference becomes an artefact, an artefact becomes facts.
 */
import { formatBytes } from '../../base/index.ts'
import { openArtefact, parseReference, type WatchedArtefact } from '../../artefact/index.ts'
import { readFacts, type ArtefactFacts } from '../../formats/index.ts'
import type { Terminal } from '../cli/terminal.ts'
import type { Context } from '../context.ts'

/** What the stages need. */
export interface StageInput {
  readonly context: Context
  readonly terminal: Terminal
  readonly signal: AbortSignal
}

/** How a reference is to be opened. */
export interface OpenOptions extends StageInput {
  readonly hfCache: boolean
  /** Block lists cost a second pass of SHA-256 and are needed for a certificate only. */
  readonly blocks: boolean
  /** Digests of files that need not be read; never given for a certificate. */
  readonly known?: ((path: string, stamp: string) => string | undefined) | undefined
}

/** An artefact with its facts. */
export interface OpenedModel {
  readonly opened: WatchedArtefact
  readonly facts: ArtefactFacts
}

/** Brings the bytes here and digests them. @throws Fault of intake */
export async function takeIn(
  ref: string,
  { context, terminal, signal, hfCache, blocks, known }: OpenOptions,
): Promise<WatchedArtefact> {
  const stage = terminal.stage('intake')
  const { settings, places, environment, log } = context
  const opened = await openArtefact(parseReference(ref), {
    hfCache,
    blocks,
    known,
    cacheFolder: places.downloads,
    environment,
    signal,
    log,
    onProgress: ({ path, done, total }) =>
      stage.update(`${ref}: ${path} ${formatBytes(done)} of ${formatBytes(total)}`),
    ...(settings.threads === undefined ? {} : { threads: settings.threads }),
  })
  const { artefact } = opened
  stage.done(
    `${ref}: ${artefact.files.length} ${artefact.files.length === 1 ? 'file' : 'files'}, ${formatBytes(artefact.size)}`,
  )
  return opened
}

/** Reads every file in a process of its own. */
export async function readModel(
  opened: WatchedArtefact,
  { context, terminal, signal }: StageInput,
): Promise<ArtefactFacts> {
  const stage = terminal.stage('open')
  const facts = await readFacts(opened, {
    signal,
    wallMs: context.settings.readSeconds * 1000,
    onProgress: ({ path, done, total }) => stage.update(`${path} (${done} of ${total} files)`),
  })
  const tensors = facts.files.reduce((sum, file) => sum + file.tensors.length, 0)
  const full = facts.files.filter(({ reading }) => reading === 'full').length
  stage.done(`${full} of ${facts.files.length} files read in full, ${tensors} tensors`)
  return facts
}

/** Both stages. */
export async function openModel(ref: string, options: OpenOptions): Promise<OpenedModel> {
  const opened = await takeIn(ref, options)
  return { opened, facts: await readModel(opened, options) }
}

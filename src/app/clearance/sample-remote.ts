/**
 * The sample of a model that is not here, by ranged reads.
 *
 * First the structure is looked at as `peek` does it, in the confined process. Then the bytes that the sample needs are
 * planned: at most 256 requests, and at most a fiftieth of the model (or 32 MiB of a small one). Only when the plan
 * fits are they asked for, six at a time, under the same guards.
 *
 * What a server sends for a range is bound to one version of the file and to nothing else: no digest can be checked.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { listRemote, type PagedFile, type RemoteFile } from '../../artefact/index.ts'
import { Fault, countOf, formatBytes } from '../../base/index.ts'
import { peekFacts } from '../../formats/index.ts'
import {
  listSampleReads,
  planRanges,
  rangeBytes,
  readSample,
  type FirstSide,
  type SampledModel,
  type SampleSize,
  type WantedRange,
} from '../../lineage/index.ts'
import { makeGuard } from '../remote-guard.ts'
import type { StageInput } from './open-model.ts'
import { asArtefact, openPaged, toPartial } from './remote-files.ts'

/** Layers whose units are read. */
export const REMOTE_SAMPLE: SampleSize = { layers: 4 }
/** Requests for the ranges of one model, beside those for its structure. */
const MOST_REQUESTS = 256
/** Bytes that are not worth a request of their own. */
const SMALL_GAP = 64 * 1024
/** Share of a model that may be asked for. */
const MOST_SHARE = 1 / 50
/** Bytes that may be asked for of any model. */
const ALWAYS_ALLOWED = 32 * 1024 * 1024
/** Ranges that are asked for at the same time. */
const AT_ONCE = 6
const MOST_FILES = 512

/** Kinds of weight files, the preferred first: of a model that is there in several, one is looked at. */
const KINDS: readonly RegExp[] = [/\.safetensors$/, /\.gguf$/, /\.(bin|pt|pth|ckpt)$/, /\.(onnx|h5|keras|npz)$/]

function chooseFiles(files: readonly RemoteFile[]): readonly RemoteFile[] {
  const kind = KINDS.find((pattern) => files.some(({ path }) => pattern.test(path)))
  const chosen = files.filter(({ path }) => (kind?.test(path) ?? true) || /(^|\/)config\.json$/.test(path))
  if (chosen.length > MOST_FILES)
    throw new Fault('too-many-files', `${chosen.length} files; at most ${MOST_FILES} are looked at`)
  return chosen
}

function missingOf({ file, from, to }: WantedRange, pages: PagedFile['pages']): boolean {
  return !pages.some(([begin, end]) => begin <= from && to <= end && file !== '')
}

/** Ranges to ask for: what is wanted and not here yet. @throws Fault `remote-too-much` when they would be too many */
function planFor(wanted: readonly WantedRange[], files: ReadonlyMap<string, PagedFile>): readonly WantedRange[] {
  const missing = wanted.filter((range) => missingOf(range, files.get(range.file)?.pages ?? []))
  const plan = planRanges(missing, { requests: MOST_REQUESTS, gap: SMALL_GAP })
  const size = [...files.values()].reduce((sum, file) => sum + file.size, 0)
  const allowed = Math.max(ALWAYS_ALLOWED, MOST_SHARE * size)
  const bytes = rangeBytes(plan)
  if (bytes <= allowed && plan.length <= MOST_REQUESTS) return plan
  const message = `a first answer would take ${countOf(plan.length, 'request')} and ${formatBytes(bytes)} of ${formatBytes(size)}; at most ${MOST_REQUESTS} and ${formatBytes(allowed)} are asked for`
  throw new Fault('remote-too-much', message)
}

async function bringAll(
  plan: readonly WantedRange[],
  files: ReadonlyMap<string, PagedFile>,
  { signal, onRange }: { readonly signal: AbortSignal; readonly onRange: (done: number) => void },
): Promise<void> {
  const queue = plan.values()
  let done = 0
  const work = async (): Promise<void> => {
    for (const { file, from, to } of queue) {
      signal.throwIfAborted()
      await files.get(file)?.bring(from, to)
      onRange(++done)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}

function sampleOver(files: readonly PagedFile[], { artefact, facts }: Looked): SampledModel {
  const byPath = new Map(files.map((file) => [file.remote.path, file]))
  const locate = (path: string): string => {
    const found = byPath.get(path)
    if (found === undefined) throw new Fault('no-such-file', `${path} was not looked at`)
    return found.file
  }
  const isHere = (range: WantedRange): boolean => !missingOf(range, byPath.get(range.file)?.pages ?? [])
  return { opened: { artefact, locate }, facts, isHere }
}

interface Looked {
  readonly artefact: ReturnType<typeof asArtefact>
  readonly facts: Awaited<ReturnType<typeof peekFacts>>['facts']
}

/** A remote model's sample, with the name that stands for it. */
export interface RemoteSample {
  readonly id: string
  readonly side: FirstSide
}

async function sampleIn(folder: string, ref: string, { context, terminal, signal }: StageInput): Promise<RemoteSample> {
  const stage = terminal.stage('sample')
  const { environment, log } = context
  const listing = await listRemote(ref, { cacheFolder: folder, environment, signal, log, guard: makeGuard() })
  const chosen = chooseFiles(listing.files)
  const files = await openPaged(chosen, folder, ({ path }) => stage.update(`${ref}: ${path}`))
  try {
    const artefact = asArtefact(listing, files)
    const { facts } = await peekFacts(artefact.id, files.map(toPartial))
    const model = sampleOver(files, { artefact, facts })
    const byPath = new Map(files.map((file) => [file.remote.path, file]))
    const plan = planFor(listSampleReads(model.opened, facts, REMOTE_SAMPLE), byPath)
    const onRange = (done: number): void => stage.update(`${ref}: ${done} of ${plan.length} ranges`)
    await bringAll(plan, byPath, { signal, onRange })
    const sample = readSample(model, REMOTE_SAMPLE)
    const bytes = files.reduce((sum, { cost }) => sum + cost.bytes, 0)
    const requests = files.reduce((sum, { cost }) => sum + cost.requests, 0)
    stage.done(`${ref}: ${formatBytes(bytes)} of ${formatBytes(artefact.size)} in ${countOf(requests, 'request')}`)
    return { id: artefact.id, side: { sample, cost: { bytes, requests, size: artefact.size } } }
  } finally {
    for (const file of files) file.close()
  }
}

/**
 * Takes the sample of a remote model.
 *
 * @throws Fault `bad-reference` for what is not remote, `remote-too-much`, `too-many-files`, and those of a peek
 */
export async function sampleRemote(ref: string, input: StageInput): Promise<RemoteSample> {
  const folder = mkdtempSync(join(input.context.environment['TMPDIR'] ?? '/tmp', 'tidewaiter-sample-'))
  try {
    return await sampleIn(folder, ref, input)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The run of `tidewaiter index`: build, status, screen. */
import { showUnseen, countOf, formatBytes } from '../../../base/index.ts'
import { indexRow, ModelIndex, readManifest, screenIndex, type IndexHit } from '../../../lineage/index.ts'
import type { Register, ScreeningState } from '../../../register/index.ts'
import { indexFolder, indexRows } from '../../clearance/index-place.ts'
import type { OpenOptions } from '../../clearance/open-model.ts'
import { openSide, sideFingerprint } from '../../clearance/open-side.ts'
import { isFresh, syncIndex } from '../../clearance/sync-index.ts'
import { callContext, wantsJson } from '../call-context.ts'
import { usageFault, type CommandCall } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

/** Bytes of sketches that stay in memory when several fingerprints are screened. */
const KEPT_BYTES = 352 * 1024 * 1024
const MOST = 1000

async function withRegister<Result>(
  options: OpenOptions,
  use: (register: Register) => Promise<Result>,
): Promise<Result> {
  const { openRegister } = await import('../../../register/index.ts')
  const register = await openRegister(options.context.register)
  try {
    return await use(register)
  } finally {
    await register.close()
  }
}

interface Status {
  readonly folder: string
  readonly state: ScreeningState
  readonly models: number | null
  readonly partitions: number
  readonly bytes: number
  readonly isFresh: boolean
}

function statusOf(folder: string, state: ScreeningState): Status {
  const manifest = readManifest(indexRows(folder))
  const { partitions = [], digests = [] } = manifest ?? {}
  const rows = partitions.reduce((sum, { rows: count, layers }) => sum + count * (512 + 64 * layers + 128 + 4), 0)
  const bytes = rows + 12 * digests.reduce((sum, { entries }) => sum + entries, 0) + 64 * (manifest?.models ?? 0)
  const models = manifest?.models ?? null
  return { folder, state, models, partitions: partitions.length, bytes, isFresh: isFresh(manifest, state) }
}

function printStatus(call: CommandCall, { folder, state, models, partitions, bytes, isFresh: fresh }: Status): void {
  const { fingerprints, indexable } = state
  const value = { schema: 'tidewaiter/index-status/v1', folder, models, fingerprints, partitions, bytes, fresh }
  const what =
    models === null
      ? 'no index yet'
      : `${countOf(models, 'model')} in ${countOf(partitions, 'partition')}, ${formatBytes(bytes)}`
  const unreadable = fingerprints - indexable
  const lines = [
    `${folder}: ${what}`,
    `register: ${countOf(fingerprints, 'fingerprint')}${state.screened === fingerprints && unreadable > 0 ? `, ${unreadable} of them not readable` : ''}`,
    fresh ? 'The index is up to date.' : 'The index is not up to date; `tidewaiter index build` brings it there.',
  ]
  call.terminal.print(wantsJson(call) ? JSON.stringify(value, null, 2) : lines.join('\n'))
}

async function build(call: CommandCall, options: OpenOptions): Promise<void> {
  const folder = indexFolder(options.context)
  const stage = call.terminal.stage('index')
  const status = await withRegister(options, async (register) => {
    await syncIndex(register, {
      folder,
      signal: call.signal,
      onProgress: ({ done, total }) => stage.update(`${done} of ${total} models`),
    })
    return statusOf(folder, await register.screeningState())
  })
  stage.done(`${countOf(status.models ?? 0, 'model')} indexed`)
  printStatus(call, status)
}

function met({ equal, whole, inOrder, gains, tokens, layers }: IndexHit): string {
  const z = (name: string, value: number | null): string[] => (value === null ? [] : [`${name} ${value.toFixed(1)}`])
  const any = layers.reduce((most, layer) => Math.max(most, layer.z), 0)
  return [
    ...(equal > 0 ? [`${equal} equal ${equal === 1 ? 'matrix' : 'matrices'}`] : []),
    ...z('layers in order', inOrder ?? whole),
    ...z('gains', gains),
    ...z('tokens', tokens),
    ...(any > 0 ? [`any layer ${any.toFixed(1)}`] : []),
  ].join(', ')
}

type NamedHit = IndexHit & { readonly ref: string }

interface Answer {
  readonly asked: { readonly ref: string; readonly id: string }
  readonly hits: readonly NamedHit[]
}

async function nameHits(register: Register, hits: readonly IndexHit[]): Promise<readonly NamedHit[]> {
  const records = await Array.fromAsync(register.fingerprintsOf(hits.map(({ model }) => model)))
  const names = new Map(records.map(({ modelId, ref }) => [modelId, ref]))
  return hits.map((hit) => ({ ref: names.get(hit.model) ?? '', ...hit }))
}

function readMost(call: CommandCall): number {
  const most = Number(call.value('most') ?? '20')
  if (!Number.isInteger(most) || most < 1 || most > MOST) throw usageFault(`--most takes 1 to ${MOST}`)
  return most
}

async function screen(call: CommandCall, refs: readonly string[], options: OpenOptions): Promise<readonly Answer[]> {
  const most = readMost(call)
  const index = ModelIndex.open(
    indexRows(indexFolder(options.context)),
    refs.length > 1 ? { keepBytes: KEPT_BYTES } : {},
  )
  try {
    const asked: { readonly ref: string; readonly id: string; readonly hits: readonly IndexHit[] }[] = []
    for (const ref of refs) {
      const { id, side } = await openSide(ref, options)
      const row = indexRow(await sideFingerprint(side, options))
      const stage = call.terminal.stage('screen')
      const hits = screenIndex(index, row, { most: most + 1, anyLayer: !call.has('whole') })
      stage.done(`${ref}: ${countOf(index.manifest.models, 'model')} screened`)
      asked.push({ ref, id, hits: hits.filter(({ model }) => model !== id).slice(0, most) })
    }
    return await withRegister(options, (register) =>
      Promise.all(
        asked.map(async ({ ref, id, hits }) => ({ asked: { ref, id }, hits: await nameHits(register, hits) })),
      ),
    )
  } finally {
    index.close()
  }
}

function toText({ asked, hits }: Answer): string {
  const lines = hits.map(
    (hit, i) =>
      `${String(i + 1).padStart(4)}. ${hit.score.toFixed(1).padStart(8)}  ${showUnseen(hit.ref)}  ${hit.model}\n${' '.repeat(16)}${met(hit)}`,
  )
  const end =
    hits.length === 0
      ? 'Nothing was met; that is no proof of independence.'
      : 'An order of promise and no finding: `tidewaiter compare` tells whether there is anything to it.'
  return [`Screen of ${showUnseen(asked.ref)}, most promising first:`, ...lines, end].join('\n')
}

function printAnswers(call: CommandCall, answers: readonly Answer[]): void {
  if (!wantsJson(call)) call.terminal.print(answers.map(toText).join('\n\n'))
  else call.terminal.print(JSON.stringify({ schema: 'tidewaiter/index-screen/v1', answers }, null, 2))
}

/** Runs the command; gives its exit code. */
export async function run(call: CommandCall): Promise<number> {
  const [verb = '', ...refs] = call.positionals
  const { terminal, signal } = call
  const options = { context: callContext(call), terminal, signal, hfCache: call.has('hf-cache'), blocks: false }
  if (verb !== 'screen' && refs.length > 0) throw usageFault(`index ${verb} takes nothing more; ${refs.length} given`)
  if (verb === 'build') await build(call, options)
  else if (verb === 'status') {
    const folder = indexFolder(options.context)
    printStatus(
      call,
      await withRegister(options, async (register) => statusOf(folder, await register.screeningState())),
    )
  } else if (verb === 'screen') {
    if (refs.length === 0) throw usageFault('index screen takes fingerprints or models; none given')
    printAnswers(call, await screen(call, refs, options))
  } else throw usageFault(`index knows build, status and screen, not "${verb}"`)
  return EXIT.done
}

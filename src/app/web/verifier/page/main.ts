/** The script of the page that checks certificates: takes what was given, hashes, verifies, shows. */
import { digestFiles, statusSource, verifyBundle, verifyToken } from '../../../../verify.ts'
import type { Child } from './element.ts'
import { element, find } from './element.ts'
import { hashFiles, type Progress } from './hash-files.ts'
import { renderProblem, renderResult, type Result } from './render.ts'
import {
  takeCertificate,
  takeCode,
  takeModel,
  takeStatusList,
  takeTrust,
  type EmbeddedTrust,
  type Trust,
} from './take-input.ts'

const form = find('form', HTMLFormElement)
const result = find('result', HTMLElement)
const working = find('working', HTMLElement)
const bar = find('bar', HTMLProgressElement)
const progressText = find('progress-text', HTMLElement)
const button = find('check', HTMLButtonElement)
/** Milliseconds between two announcements, so that a screen reader is not talked over. */
const ANNOUNCE_EVERY = 1_000

let current: AbortController | undefined

function readEmbedded(): EmbeddedTrust {
  const { from = '', files = [] } = JSON.parse(
    find('embedded', HTMLScriptElement).textContent,
  ) as Partial<EmbeddedTrust>
  return { from, files }
}

const embedded = readEmbedded()

function show(children: Child): void {
  const holder = element('div', {}, children)
  result.replaceChildren(...holder.childNodes)
  result.hidden = false
  document.getElementById('verdict')?.focus()
}

function makeReporter(): (progress: Progress) => void {
  const start = performance.now()
  let last = 0
  return ({ path, filesDone, files, bytesDone, bytes }) => {
    bar.max = Math.max(1, bytes)
    bar.value = bytesDone
    const time = performance.now()
    if (time - last < ANNOUNCE_EVERY && filesDone < files) return
    last = time
    const speed = bytesDone / 1e3 / Math.max(1, time - start)
    const percent = Math.floor((100 * bytesDone) / Math.max(1, bytes))
    progressText.textContent = `${percent} %, ${filesDone} of ${files} files, ${speed.toFixed(0)} MB/s`
    bar.title = path
  }
}

async function readModel(signal: AbortSignal): Promise<(Result['model'] & { readonly sha256: string }) | undefined> {
  const model = takeModel()
  if (model === undefined) return undefined
  const files = await hashFiles(model.files, { signal, report: makeReporter() })
  const { sha256, dirHash } = await digestFiles(files)
  return { sha256, dirHash, files, passedOver: model.passedOver }
}

/** Checks the certificate, or the code when there is none. */
async function verify(
  certificate: Uint8Array | undefined,
  code: string,
  {
    model,
    now,
    trust,
  }: {
    readonly model: (Result['model'] & { readonly sha256: string }) | undefined
    readonly now: number
    readonly trust: Trust
  },
): Promise<Result['report']> {
  const { keys: trustedKeys, roots, policies } = trust
  if (certificate === undefined)
    return verifyToken(code, { now, trustedKeys, ...(model === undefined ? {} : { dirHash: model.dirHash }) })
  const status = await takeStatusList()
  return verifyBundle(certificate, {
    now,
    trustedKeys,
    trustedLogs: roots.flatMap(({ logs }) => logs),
    timestampAuthorities: roots.flatMap(({ timestampAuthorities }) => timestampAuthorities),
    ...(policies[0] === undefined ? {} : { witnessPolicy: policies[0] }),
    requireLog: roots.length > 0,
    requireTimestamp: roots.length > 0,
    ...(model === undefined ? {} : { artefact: model }),
    ...(status === undefined ? {} : { status: statusSource(status, { now, trustedKeys }) }),
  })
}

async function check(signal: AbortSignal): Promise<Child> {
  const [certificate, code] = [await takeCertificate(), takeCode()]
  if (certificate === undefined && code === '')
    return renderProblem('Choose a certificate, or paste what a printed code says.')
  if (certificate !== undefined && code !== '')
    return renderProblem(
      'You gave both a certificate and a code. Take one of them away, so that it is clear which is checked.',
    )
  const trust = await takeTrust(embedded)
  const model = await readModel(signal)
  const now = Date.now()
  const report = await verify(certificate, code, { model, now, trust })
  const used = find('use-embedded', HTMLInputElement).checked && embedded.files.length > 0
  return renderResult({
    report,
    now,
    ...(model === undefined ? {} : { model }),
    ...(used ? { embeddedFrom: embedded.from } : {}),
  })
}

async function run(): Promise<void> {
  current?.abort(new Error('started again'))
  const controller = new AbortController()
  current = controller
  result.hidden = true
  result.replaceChildren()
  working.hidden = false
  button.disabled = true
  try {
    show(await check(controller.signal))
  } catch (thrown) {
    show(renderProblem(thrown instanceof Error ? thrown.message : String(thrown)))
  } finally {
    working.hidden = true
    button.disabled = false
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  void run()
})
find('cancel', HTMLButtonElement).addEventListener('click', () => current?.abort(new Error('You stopped it.')))
if (embedded.files.length > 0) {
  find('embedded-from', HTMLElement).textContent = embedded.from
  find('embedded-choice', HTMLElement).hidden = false
} else {
  find('use-embedded', HTMLInputElement).checked = false
}
// What stands behind # is only put into the box, where a person sees it before anything happens.
if (location.hash.length > 1) find('code', HTMLTextAreaElement).value = location.hash.slice(1, 2_049)

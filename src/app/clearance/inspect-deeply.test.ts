import assert from 'node:assert/strict'
import { join } from 'node:path'
import { rmSync } from 'node:fs'
import { test } from 'node:test'
import { toFault } from '../../base/index.ts'
import { compareModels, everyCell, type DeepInspection } from '../../lineage/index.ts'
import { temporaryFolder } from '../../testing/folders.ts'
import { openModel } from '../../testing/models.ts'
import { useRegister } from '../../testing/register.ts'
import { fineTune, makeBase, writeModel } from '../../testing/zoo.ts'
import { openTerminal } from '../cli/terminal.ts'
import { createContext } from '../context.ts'
import { inspectNext, type UseQueue, type InspectOptions } from './inspect-deeply.ts'

const BASE = makeBase(1)
const KIND = 'watched'
const sink = { write: () => true }
const context = createContext({ environment: {}, flags: {} })
const home = useRegister()

/** How everyCell is used: which steps were done, and a signal that is aborted after one of them. */
interface Watched {
  readonly inspection: DeepInspection
  readonly steps: number[]
  readonly controller: AbortController
}

function watch(abortAfter: number): Watched {
  const controller = new AbortController()
  const steps: number[] = []
  const open: DeepInspection['open'] = (a, b, kept) => {
    const work = everyCell.open(a, b, kept)
    return {
      progress: () => work.progress(),
      state: () => work.state(),
      close: () => work.close(),
      advance: () => {
        const { done } = work.progress()
        steps.push(done)
        if (done === abortAfter) controller.abort(toFault(new Error('stop'), 'interrupted'))
        return work.advance()
      },
    }
  }
  return { inspection: { kind: everyCell.kind, open }, steps, controller }
}

const queue: UseQueue = (use) => use(home.register.inspections)

function options({ inspection, controller }: Watched, keepMs?: number): InspectOptions {
  const terminal = openTerminal({ stdout: sink, stderr: sink, now: () => performance.now(), quiet: true })
  const more = keepMs === undefined ? {} : { keepMs }
  return {
    context,
    queue,
    terminal,
    signal: controller.signal,
    hfCache: false,
    blocks: false,
    kinds: new Map([[KIND, inspection]]),
    ...more,
  }
}

async function ask(a: string, b: string, kind = KIND): Promise<string> {
  const [x, y] = [await openModel(a), await openModel(b)]
  const [first, second] = [
    { ref: a, id: x.opened.artefact.id },
    { ref: b, id: y.opened.artefact.id },
  ]
  return (await home.register.inspections.add(first, second, kind)).id
}

async function find(id: string) {
  const [found] = await home.register.inspections.find(id)
  assert.ok(found)
  return found
}

test('inspectNext() that is interrupted keeps what was reached, and the next goes on from there', async (test) => {
  const folder = temporaryFolder(test)
  const [a, b] = [writeModel(join(folder, 'a'), fineTune(BASE, 2)), writeModel(join(folder, 'b'), BASE)]
  const id = await ask(a, b)
  const first = watch(4)
  await assert.rejects(inspectNext(options(first)), { code: 'interrupted' })
  const waiting = await find(id)
  assert.deepEqual([waiting.status, waiting.progress?.done, waiting.attempts], ['waiting', 5, 0])
  const second = watch(-1)
  const inspected = await inspectNext(options(second))
  assert.deepEqual(
    [...first.steps, ...second.steps],
    Array.from({ length: 17 }, (_, step) => step),
  )
  const done = await find(id)
  assert.deepEqual([done.status, done.result], ['done', inspected?.comparison])
  const ordinary = await compareModels(await openModel(a), await openModel(b))
  assert.deepEqual([inspected?.comparison?.verdict, ordinary.verdict], ['derived', 'derived'])
  assert.equal(await inspectNext(options(watch(-1))), undefined)
})

test('inspectNext() fails what is no longer the model that was named, and says so', async (test) => {
  const folder = temporaryFolder(test)
  const [a, b] = [writeModel(join(folder, 'a'), makeBase(5)), writeModel(join(folder, 'b'), BASE)]
  const id = await ask(a, b)
  rmSync(a, { recursive: true })
  writeModel(a, makeBase(6))
  const inspected = await inspectNext(options(watch(-1)))
  assert.match(inspected?.failure ?? '', /and was tw1:/)
  assert.equal((await find(id)).status, 'failed')
})

test('inspectNext() begins anew when what was kept belongs to another computation', async (test) => {
  const folder = temporaryFolder(test)
  await ask(writeModel(join(folder, 'a'), makeBase(7)), writeModel(join(folder, 'b'), makeBase(8)))
  const first = watch(2)
  await assert.rejects(inspectNext(options({ ...first, inspection: { ...first.inspection, kind: 'older/1' } }, 0)))
  const second = watch(-1)
  assert.equal((await inspectNext(options(second)))?.comparison?.verdict, 'no-weight-evidence')
  assert.equal(second.steps[0], 0)
})

test('inspectNext() fails an inspection of a kind that it does not know, and goes on to the next', async (test) => {
  const folder = temporaryFolder(test)
  const [a, b] = [writeModel(join(folder, 'a'), makeBase(9)), writeModel(join(folder, 'b'), BASE)]
  const id = await ask(a, b, 'by-taste')
  const inspected = await inspectNext(options(watch(-1)))
  assert.match(inspected?.failure ?? '', /^"by-taste" was asked for, and this version knows watched; update/)
  assert.deepEqual([(await find(id)).status, await inspectNext(options(watch(-1)))], ['failed', undefined])
})

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { isFault, sha256 } from '../base/index.ts'
import { temporaryFolder } from '../testing/folders.ts'
import { toCanonicalBf16 } from './canonical.ts'
import { createWorkerPool, taskModule, type WorkerPool } from './pool.ts'
import type { SampleArgument } from './testing/sample-task.ts'

const module = taskModule(import.meta.url, './testing/sample-task')

function pool(context: TestContext, threads: number): WorkerPool {
  const made = createWorkerPool({ threads })
  context.after(() => made.close())
  return made
}

function run(made: WorkerPool, tasks: readonly SampleArgument[], signal?: AbortSignal): Promise<unknown[]> {
  return made.run({ module, tasks, ...(signal === undefined ? {} : { signal }) })
}

const fail = (code: string): SampleArgument => ({ kind: 'fail', code })
const thread: SampleArgument = { kind: 'thread' }

test('createWorkerPool() gives the same results in the same order for any number of threads', async (context) => {
  const path = join(temporaryFolder(context), 'weights')
  const bytes = Uint8Array.from({ length: 400_000 }, (_, i) => (i * 7919) >> 2)
  writeFileSync(path, bytes)
  const cuts = Array.from({ length: 9 }, (_, i) => ({ from: i * i * 4000, to: (i + 1) * (i + 1) * 4000 }))
  const tasks = cuts.map((cut) => ({ kind: 'digest', path, ...cut }) as const)
  const expected = cuts.map(({ from, to }) =>
    sha256(new Uint8Array(toCanonicalBf16('BF16', bytes.subarray(from, to)).buffer)),
  )
  for (const threads of [0, 1, 3])
    assert.deepEqual(await run(pool(context, threads), tasks), expected, `${threads} threads`)
})

test('createWorkerPool() reports progress that grows to the whole cost', async (context) => {
  const path = join(temporaryFolder(context), 'weights')
  writeFileSync(path, new Uint8Array(64))
  for (const threads of [0, 2]) {
    const seen: number[] = []
    await pool(context, threads).run({
      module,
      tasks: [0, 16, 32, 48].map((from) => ({ kind: 'digest', path, from, to: from + 16 })),
      cost: () => 2 ** 24,
      onProgress: (done, total) => seen.push(done / total),
    })
    assert.ok(seen.length > 4 && seen.every((share, i) => i === 0 || share >= seen[i - 1]!))
    assert.equal(seen.at(-1), 1)
  }
})

test('createWorkerPool() runs little work in the calling thread and much work elsewhere', async (context) => {
  const made = pool(context, 2)
  const tasks = [thread, thread]
  assert.deepEqual(await made.run({ module, tasks, cost: () => 1000 }), [0, 0])
  const elsewhere = await made.run<SampleArgument, number>({ module, tasks, cost: () => 2 ** 24 })
  assert.ok(elsewhere.every((id) => id > 0))
})

test('createWorkerPool() fails with the fault of the first task in order, whatever the number of threads', async (context) => {
  for (const threads of [0, 1, 3]) {
    const made = pool(context, threads)
    const failed = run(made, [thread, fail('first'), thread, fail('second'), thread])
    await assert.rejects(failed, (error) => isFault(error, 'first') && error.details['told'] === true)
    await assert.rejects(run(made, [{ kind: 'throw' }]), { code: 'internal', message: 'no fault of ours' })
    assert.equal((await run(made, [thread, thread])).length, 2, 'the pool goes on')
  }
})

test('createWorkerPool() replaces a thread that crashed', async (context) => {
  const made = pool(context, 1)
  await assert.rejects(run(made, [thread, { kind: 'crash' }, thread]), { code: 'worker-crashed' })
  assert.equal((await run(made, [thread])).length, 1)
})

test('createWorkerPool() says so when argument or result cannot be cloned', async (context) => {
  const made = pool(context, 1)
  await assert.rejects(made.run({ module, tasks: [() => {}] }), { code: 'task-not-plain' })
  await assert.rejects(run(made, [{ kind: 'unclonable' }]), { code: 'internal' })
  assert.equal((await run(made, [thread])).length, 1)
})

test('createWorkerPool() stops tasks that listen and ends those that do not when it is cancelled', async (context) => {
  const made = pool(context, 2)
  for (const kind of ['spin', 'hang'] as const) {
    const abort = new AbortController()
    const running = run(made, [{ kind }, { kind }, thread], abort.signal)
    setTimeout(() => abort.abort(), 100)
    await assert.rejects(running, { code: 'cancelled' })
  }
  assert.equal((await run(made, [thread])).length, 1)
  await assert.rejects(run(made, [thread], AbortSignal.abort()), { code: 'cancelled' })
})

test('createWorkerPool() runs no task twice and none when there are none', async (context) => {
  const made = pool(context, 2)
  assert.deepEqual(await run(made, []), [])
  assert.equal(
    (
      await run(
        made,
        Array.from({ length: 40 }, () => thread),
      )
    ).length,
    40,
  )
})

test('taskModule() keeps the extension of the caller', () => {
  assert.equal(taskModule('file:///dist/simd/pool.js', './task').href, 'file:///dist/simd/task.js')
})

/** Ctrl-C in every stage: nothing is decided, nothing runs on, and the same command goes on and comes to the same. */
import assert from 'node:assert/strict'
import { randomFillSync } from 'node:crypto'
import { globSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { test } from 'node:test'
import { temporaryFolder, type Cleanable } from '../../src/testing/folders.ts'
import { writeSafetensors, type TensorToWrite } from '../../src/testing/safetensors.ts'
import { assertNothingDecided, dossiersOf, homeWithRegister } from './home.ts'
import { jsonOf, runTidewaiter, startTidewaiter, type Running } from './program.ts'

const WIDTH = 512
const HIDDEN = 2048
const LAYERS = 6

/** Numbers of the size of weights, none of them subnormal. */
function tensor(name: string, ...shape: number[]): TensorToWrite {
  const codes = randomFillSync(new Uint16Array(shape.reduce((all, each) => all * each, 1)))
  for (let i = 0; i < codes.length; i++) codes[i] = ((codes[i] as number) & 0x83ff) | 0x3c00
  return { name, type: 'BF16', shape, bytes: new Uint8Array(codes.buffer) }
}

function layer(at: number): readonly TensorToWrite[] {
  const name = `model.layers.${at}`
  return [
    ...['q', 'k', 'v', 'o'].map((each) => tensor(`${name}.self_attn.${each}_proj.weight`, WIDTH, WIDTH)),
    tensor(`${name}.mlp.gate_proj.weight`, HIDDEN, WIDTH),
    tensor(`${name}.mlp.up_proj.weight`, HIDDEN, WIDTH),
    tensor(`${name}.mlp.down_proj.weight`, WIDTH, HIDDEN),
    tensor(`${name}.input_layernorm.weight`, WIDTH),
    tensor(`${name}.post_attention_layernorm.weight`, WIDTH),
  ]
}

/** A model that takes long enough to be interrupted. */
function writeModel(context: Cleanable): string {
  const folder = join(temporaryFolder(context), 'model')
  mkdirSync(folder)
  const tensors = Array.from({ length: LAYERS }, (_, at) => layer(at)).flat()
  writeFileSync(join(folder, 'model.safetensors'), writeSafetensors(tensors))
  writeFileSync(join(folder, 'README.md'), '---\nlicense: cc0-1.0\n---\n')
  return folder
}

/** Waits until the program has a file open; ends at once when it has ended. */
async function openedIn({ child }: Running, path: string): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    for (const link of globSync(`/proc/${child.pid}/fd/*`)) {
      try {
        if (readlinkSync(link) === path) return
      } catch {
        // It was closed meanwhile.
      }
    }
    await setTimeout(1)
  }
}

/** Processes that still have a word of these in their command line. */
function processesOn(folder: string): readonly string[] {
  return globSync('/proc/[0-9]*/cmdline').filter((path) => {
    try {
      return readFileSync(path, 'utf8').includes(folder)
    } catch {
      return false
    }
  })
}

type Begun = (running: Running, folder: string) => Promise<void>

const weights = (folder: string) => join(folder, 'model.safetensors')

/** When a stage has begun. What is shorter than a signal takes may be over before it arrives. */
const STAGES: readonly { readonly stage: string; readonly begun: Begun; readonly mayBeOver?: boolean }[] = [
  { stage: 'intake', begun: (running, folder) => openedIn(running, weights(folder)) },
  { stage: 'open', begun: (running) => running.seen(/^intake /m) },
  {
    stage: 'weigh',
    begun: async (running, folder) => {
      await running.seen(/^open /m)
      await openedIn(running, weights(folder))
    },
  },
  { stage: 'audit', begun: (running) => running.seen(/^weigh /m), mayBeOver: true },
  { stage: 'trace', begun: (running) => running.seen(/^audit /m), mayBeOver: true },
  { stage: 'certify', begun: (running) => running.seen(/^trace /m), mayBeOver: true },
]

test('clear that is interrupted in each stage in turn decides nothing, and goes on to the same dossier', async (context) => {
  const folder = writeModel(context)
  const home = await homeWithRegister(context)
  const words = ['clear', folder, '--home', home, '--format', 'json']
  let cleared = 0
  for (const { stage, begun, mayBeOver = false } of STAGES) {
    await context.test(`interrupted in ${stage}`, async () => {
      const running = startTidewaiter(words)
      await begun(running, folder)
      running.child.kill('SIGINT')
      const run = await running.ended
      if (run.status === 0 && mayBeOver) cleared += 1
      else {
        assert.equal(run.status, 130, run.stderr)
        assert.equal(run.stdout, '')
        assert.match(run.stderr, /^tidewaiter: interrupted; nothing was decided\. Run the same command again.*\n$/m)
      }
      assert.equal(dossiersOf(home).length, cleared)
      assert.deepEqual(processesOn(home.concat('/')), [])
      assert.deepEqual(processesOn(folder), [])
    })
  }
  const last = await runTidewaiter(words)
  const elsewhere = await runTidewaiter([
    'clear',
    folder,
    '--home',
    await homeWithRegister(context),
    '--format',
    'json',
  ])
  assert.equal(last.status, 0, last.stderr)
  assert.equal(jsonOf(last).dossier.sha256, jsonOf(elsewhere).dossier.sha256)
  assert.equal(dossiersOf(home).length, cleared + 1)
})

test('clear that is killed in the middle leaves the register free and nothing decided', async (context) => {
  const folder = writeModel(context)
  const home = await homeWithRegister(context)
  const words = ['clear', folder, '--home', home]
  const running = startTidewaiter(words)
  await running.seen(/^open /m)
  await openedIn(running, weights(folder))
  running.child.kill('SIGKILL')
  const { signal } = await running.ended
  assert.equal(signal, 'SIGKILL')
  assertNothingDecided(home)
  const again = await runTidewaiter(words)
  assert.equal(again.status, 0, again.stderr)
  assert.equal(dossiersOf(home).length, 1)
})

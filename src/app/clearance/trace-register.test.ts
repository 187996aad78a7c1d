import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, test, type TestContext } from 'node:test'
import { sha256 } from '../../base/index.ts'
import {
  decodeFingerprint,
  encodeFingerprint,
  fingerprintModel,
  indexRow,
  readManifest,
  type Fingerprint,
} from '../../lineage/index.ts'
import type { FingerprintRecord } from '../../register/index.ts'
import { temporaryFolder } from '../../testing/folders.ts'
import { openModel } from '../../testing/models.ts'
import { change, fineTune, makeBase, prune, restack, writeModel, type ZooModel } from '../../testing/zoo.ts'
import { createContext, type Context } from '../context.ts'
import { openTerminal } from '../cli/terminal.ts'
import { indexFolder, indexRows, withIndexLock } from './index-place.ts'
import { syncIndex, type IndexSource } from './sync-index.ts'
import { traceRegister, type TraceInput } from './trace-register.ts'

const BASES = [1, 2, 3, 4].map((seed) => makeBase(seed, { width: 64, hidden: 64, layers: 3, vocabulary: 128 }))
const [OAK, ELM, ASH] = BASES as [ZooModel, ZooModel, ZooModel, ZooModel]
const graft = change(ELM, /embed_tokens/, (tensor, name) => ASH.get(name) ?? tensor)
const REGISTERED = [...BASES, fineTune(OAK, 5, 0.3), restack(ELM, [0, 1, 1, 2]), graft, makeBase(9)]
const ASKED = [fineTune(OAK, 6, 0.2), prune(fineTune(ELM, 7, 0.1), 0.3), restack(ASH, [2, 0]), makeBase(8)]

let records: FingerprintRecord[] = []
let asked: Fingerprint[] = []

before(async () => {
  const made: { after(run: () => void): void } = { after: () => undefined }
  const take = async (model: ZooModel): Promise<Fingerprint> => {
    const { opened, facts } = await openModel(writeModel(temporaryFolder(made as TestContext), model))
    return fingerprintModel(opened, facts, { threads: 0 })
  }
  const registered = await Promise.all(REGISTERED.map(take))
  records = registered.map((fingerprint, i) => ({
    modelId: fingerprint.artefact,
    ref: `model ${i}`,
    standing: 'cleared',
    bytes: encodeFingerprint(fingerprint),
  }))
  asked = await Promise.all(ASKED.map(take))
})

type Source = TraceInput['register'] & { readonly held: FingerprintRecord[] }

/** A register in memory; what it holds can be changed. */
function registerOf(held: FingerprintRecord[]): Source {
  const page = (after: string): FingerprintRecord[] => held.slice(after === '' ? 0 : Number(after))
  const state: IndexSource = {
    screeningState: async () => ({ fingerprints: held.length, screened: held.length, indexable: held.length }),
    fillScreening: async () => undefined,
    async *screeningRows(after) {
      const begin = after === '' ? 0 : Number(after)
      for (const [i, { bytes }] of page(after).entries())
        yield { rows: [indexRow(decodeFingerprint(bytes))], cursor: String(begin + i + 1) }
    },
  }
  return {
    held,
    ...state,
    async *fingerprints() {
      yield* held
    },
    async *fingerprintsOf(ids) {
      yield* held.filter(({ modelId }) => ids.includes(modelId))
    },
  }
}

function contextIn(context: TestContext): Context {
  const home = temporaryFolder(context)
  return createContext({ environment: { HOME: home }, flags: { home, logLevel: 'silent' } })
}

function trace(context: Context, fingerprint: Fingerprint, register: Source, walkUpTo: number) {
  const terminal = openTerminal({
    stdout: { write: () => true },
    stderr: { write: () => true },
    now: () => 0,
    quiet: true,
  })
  const { signal } = new AbortController()
  return traceRegister({ artefact: fingerprint.artefact, fingerprint, register, walkUpTo, context, terminal, signal })
}

test('traceRegister() names the same candidates by the index as by looking at every fingerprint', async (context) => {
  const [home, register] = [contextIn(context), registerOf(records)]
  for (const fingerprint of asked) {
    const walked = await trace(home, fingerprint, register, 1000)
    const screened = await trace(home, fingerprint, register, 0)
    const expected = walked.candidates.map(({ comparison, ...rest }) => {
      const { panel: _, ...unranked } = comparison
      return { ...rest, comparison: unranked }
    })
    assert.deepEqual(screened.candidates, expected)
  }
  const found = await trace(home, asked[0] as Fingerprint, register, 0)
  assert.deepEqual(
    found.candidates.map(({ artefact, comparison }) => [artefact.ref, comparison.verdict]),
    [
      ['model 0', 'derived'],
      ['model 4', 'derived'],
    ],
  )
})

test('traceRegister() brings a stale index up to date, and makes it anew when a fingerprint is gone', async (context) => {
  const home = contextIn(context)
  const register = registerOf(records.slice(1))
  const suspect = asked[0] as Fingerprint
  const refs = async (): Promise<string[]> =>
    (await trace(home, suspect, register, 0)).candidates.map(({ artefact }) => artefact.ref)
  assert.deepEqual(await refs(), ['model 4'])
  register.held.push(records[0] as FingerprintRecord)
  assert.deepEqual(await refs(), ['model 0', 'model 4'])
  register.held.splice(3, 1)
  assert.deepEqual(await refs(), ['model 0'])
  assert.equal(readManifest(indexRows(indexFolder(home)))?.models, records.length - 1)
})

test('traceRegister() looks at every fingerprint while another process writes the index', async (context) => {
  const home = contextIn(context)
  const folder = indexFolder(home)
  const report = await withIndexLock(folder, () => trace(home, asked[0] as Fingerprint, registerOf(records), 0))
  assert.equal(report.candidates.length, 2)
  assert.equal(readManifest(indexRows(folder)), undefined)
})

test('syncIndex() goes on where it was interrupted', async (context) => {
  const folder = join(temporaryFolder(context), sha256('x').slice(0, 8))
  const register = registerOf(records)
  const controller = new AbortController()
  const onProgress = ({ done }: { done: number }): void => {
    if (done === 3) controller.abort()
  }
  await assert.rejects(syncIndex(register, { folder, signal: controller.signal, onProgress }))
  assert.equal(readManifest(indexRows(folder))?.models, 3)
  const seen: number[] = []
  await syncIndex(register, {
    folder,
    signal: new AbortController().signal,
    onProgress: ({ done }) => void seen.push(done),
  })
  assert.deepEqual(seen, [4, 5, 6, 7, 8])
})

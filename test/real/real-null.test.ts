/**
 * The null of the fixed-point test on real weights: what independent numberings give in a model that somebody trained.
 *
 * Layers of one model number their units independently of each other, although they share a residual basis, so all
 * ordered pairs of different layers are draws from the null. In SmolLM2-135M-Instruct there are 870 of them in each view.
 */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { GGMLQuantizationType, gguf } from '@huggingface/gguf'
import { openArtefact, parseReference } from '../../src/artefact/index.ts'
import { readFacts } from '../../src/formats/index.ts'
import { MLP_VIEWS, testableMlps } from '../../src/lineage/weights/mlp.ts'
import { negativeControl } from '../../src/lineage/weights/negative-control.ts'
import { draw, PUBLIC_SEED } from '../../src/lineage/weights/sampling.ts'
import { readLayerUnits, viewCells } from '../../src/lineage/weights/unit-views.ts'
import { openWeights } from '../../src/lineage/weights/weights.ts'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { compareReal } from './clearing.ts'
import { findRealModels } from './packages.ts'

const found = findRealModels()
const options = { skip: found.skip }
const smollm2 = found.skip === false ? found.models.smollm2 : ''
const PAIRS = 870
/** Three standard errors of the mean of so many draws from Poisson(1). */
const TOLERANCE = 3 / Math.sqrt(PAIRS)

async function openModel(context: TestContext, path: string) {
  const opened = await openArtefact(parseReference(path), { cacheFolder: temporaryFolder(context), blocks: false })
  const weights = openWeights(opened, await readFacts(opened))
  context.after(() => weights.close())
  return weights
}

test('unmatched layers inside SmolLM2-135M agree as Poisson(1) says, in each view', options, async (context) => {
  const weights = await openModel(context, smollm2)
  const mlps = testableMlps(weights.model)
  assert.equal(mlps.length, 30)
  const units = draw(PUBLIC_SEED, 'units', { size: 1536, count: 256 })
  const plan = { units, coordinates: Uint32Array.from({ length: 576 }, (_, i) => i) }
  const layers = mlps.map((mlp) => ({ layer: mlp.layer, units: readLayerUnits(weights, mlp, plan) }))
  const cells = layers.flatMap((a) => layers.flatMap((b) => (a === b ? [] : viewCells(a, b, plan))))
  for (const view of MLP_VIEWS) {
    const counts = cells.filter((cell) => cell.view === view).map(({ points }) => points.fixed)
    assert.equal(counts.length, PAIRS)
    const control = negativeControl(counts)
    assert.ok(control)
    const { mean, variance, maximum, p } = control
    context.diagnostic(
      `${view}: mean ${mean.toFixed(3)}, variance ${variance.toFixed(3)}, maximum ${maximum}, counts ${control.counts.join(' ')}, chi-squared p ${p.toPrecision(2)}`,
    )
    assert.ok(Math.abs(mean - 1) < TOLERANCE, `mean ${mean} of ${view}`)
    assert.ok(variance > 0.8 && variance < 1.2, `variance ${variance} of ${view}`)
    assert.ok(maximum <= 7, `${maximum} fixed points in one cell of ${view}`)
    assert.ok(control.holds)
  }
})

/** Bytes of a block of Q4_1: two numbers of 16 bits, then 32 values of 4 bits. */
const BLOCK = { bytes: 20, numbers: 4 } as const

/** Copies a model and changes the last bit of every fourth value in each of its quantised matrices. */
async function disturb(from: string, to: string): Promise<void> {
  const bytes = readFileSync(from)
  const { tensorInfos, tensorDataOffset } = await gguf(from, { allowLocalFile: true })
  for (const { dtype, shape, offset } of tensorInfos) {
    if (dtype !== GGMLQuantizationType.Q4_1) continue
    const begin = Number(tensorDataOffset) + Number(offset)
    const blocks = shape.reduce((all, each) => all * Number(each), 1) / 32
    for (let at = begin; at < begin + blocks * BLOCK.bytes; at += BLOCK.bytes)
      for (let i = BLOCK.numbers; i < BLOCK.bytes; i += 2) bytes[at + i] = (bytes[at + i] ?? 0) ^ 1
  }
  writeFileSync(to, bytes)
}

test(
  'compare finds SmolLM2 and a disturbed copy kin, and the control inside the pair holds',
  options,
  async (context) => {
    const folder = temporaryFolder(context)
    const noisy = join(folder, 'disturbed.gguf')
    await disturb(smollm2, noisy)
    const { verdict, log10p, control, effect } = await compareReal(smollm2, noisy, folder)
    context.diagnostic(
      `${verdict}, log10 p ${log10p.toFixed(0)}, effect ${effect?.share}; ${control.cells} cells, mean ${control.mean.toFixed(3)}, variance ${control.variance.toFixed(3)}, maximum ${control.maximum}, p ${control.p.toPrecision(2)}`,
    )
    assert.equal(verdict, 'derived')
    assert.ok(log10p < -12)
    assert.equal(control.holds, true)
  },
)

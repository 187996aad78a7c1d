/** Weights in the graph of an ONNX model: renamed, stored the other way round, and as integers with a scale. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { temporaryFolder } from '../../testing/folders.ts'
import { openModel } from '../../testing/models.ts'
import { buildOnnx, graph, node, rawTensor } from '../../testing/onnx.ts'
import type { Message } from '../../testing/protobuf.ts'
import { makeBase, writeModel, type ZooModel, type ZooTensor } from '../../testing/zoo.ts'
import { compareModels } from '../compare.ts'
import type { Comparison } from './comparison.ts'

/** Element types of ONNX. */
const [FLOAT, INT8] = [1, 3] as const

function flip({ shape, values }: ZooTensor): ZooTensor {
  const [rows = 0, columns = 0] = shape
  const flipped = values.map((_, at) => values[(at % rows) * columns + Math.floor(at / rows)] ?? 0)
  return { shape: [columns, rows], values: flipped }
}

function tensor(name: string, type: number, { shape, values }: ZooTensor): Message[number] {
  const bytes = type === INT8 ? new Uint8Array(Int8Array.from(values).buffer) : new Uint8Array(values.slice().buffer)
  const dims = shape.map((size) => ['dims', size] as const)
  return [
    'initializer',
    [...dims, ...rawTensor(name, { data_type: type, raw_data: bytes }).filter(([key]) => key !== 'dims')],
  ]
}

/** Columns of a matrix on 255 steps of their own. */
function quantise({ shape, values }: ZooTensor): { readonly whole: ZooTensor; readonly scale: ZooTensor } {
  const [rows = 0, columns = 0] = shape
  const scales = Float32Array.from({ length: columns }, (_, column) => {
    const sizes = Array.from({ length: rows }, (_each, row) => Math.abs(values[row * columns + column] ?? 0))
    return Math.max(...sizes) / 127
  })
  const whole = values.map((value, at) => Math.round(value / (scales[at % columns] ?? 1)))
  return { whole: { shape, values: whole }, scale: { shape: [1, columns], values: scales } }
}

/** The linear layers of a model as an exporter leaves them: nameless, inputs as rows, a bias of zeros behind each. */
function exportGraph(model: ZooModel, quantised: boolean): Buffer {
  const nodes: Message[] = []
  const more: Message[number][] = []
  for (const [i, [name, values]] of [...model].entries()) {
    if (!name.includes('proj')) continue
    const flipped = flip(values)
    const bias = name.replace(/weight$/, 'bias')
    more.push(tensor(bias, FLOAT, { shape: [flipped.shape[1] ?? 0], values: new Float32Array(flipped.shape[1] ?? 0) }))
    if (quantised) {
      const { whole, scale } = quantise(flipped)
      more.push(tensor(`val_${i}_q`, INT8, whole), tensor(`val_${i}_scale`, FLOAT, scale))
      nodes.push(node('Cast', [`val_${i}_q`], [`f${i}`]), node('Mul', [`f${i}`, `val_${i}_scale`], [`val_${i}`]))
    } else more.push(tensor(`val_${i}`, FLOAT, flipped))
    nodes.push(node('MatMul', ['x', `val_${i}`], [`m${i}`]), node('Add', [`m${i}`, bias], [`o${i}`]))
  }
  for (const [name, values] of model) if (!name.includes('proj')) more.push(tensor(name, FLOAT, values))
  return buildOnnx({ graph: graph(more, [...nodes, node('Add', ['x', 'w'], ['y'])]) })
}

async function compareWithGraph(
  context: TestContext,
  seeds: readonly [number, number],
  quantised: boolean,
): Promise<Comparison> {
  const folder = temporaryFolder(context)
  mkdirSync(join(folder, 'graph'))
  writeFileSync(join(folder, 'graph/model.onnx'), exportGraph(makeBase(seeds[0]), quantised))
  writeModel(join(folder, 'plain'), makeBase(seeds[1]), 'F32')
  return compareModels(await openModel(join(folder, 'graph')), await openModel(join(folder, 'plain')))
}

test('a graph with nameless weights the other way round is the model that it was exported from', async (context) => {
  const { verdict, reasons, layers, log10p } = await compareWithGraph(context, [1, 1], false)
  assert.ok(['re-derived', 'derived'].includes(verdict), `${verdict}: ${reasons.join(' ')}`)
  assert.deepEqual(
    layers.map(({ a, b, fixed, sampled }) => [a, b, fixed === sampled]),
    [0, 1, 2, 3].map((layer) => [layer, layer, true]),
  )
  assert.ok(log10p < -500)
})

test('a graph of integers with a scale for each output is a quantised copy, and the child', async (context) => {
  const { verdict, transformations, direction } = await compareWithGraph(context, [1, 1], true)
  assert.equal(verdict, 'derived')
  assert.match(transformations.join('; '), /quantised to I8: 100 % of the drawn values within half a step/)
  assert.equal(direction, 'a-from-b')
})

test('a graph of another model is not kin', async (context) => {
  for (const quantised of [false, true])
    assert.equal((await compareWithGraph(context, [1, 2], quantised)).verdict, 'no-weight-evidence')
})

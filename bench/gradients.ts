/**
 * Writes a model, a batch and our gradients, to be held against those of PyTorch.
 *
 *     node bench/gradients.ts --out FOLDER
 *     python docs/method/calibration/make-zoo.py --check FOLDER
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { USUAL_SHAPE, type ZooTensor } from '../src/lineage/calibration/model.ts'
import { bell, randomStream } from '../src/lineage/calibration/random.ts'
import { initialise } from '../src/lineage/calibration/trainer/initialise.ts'
import { drawBatch, writeCorpus } from '../src/lineage/calibration/trainer/language.ts'
import { lossGrad, meanLoss, networkBack, runNetwork } from '../src/lineage/calibration/trainer/network.ts'
import { f32Tensor, writeSafetensors } from '../src/testing/safetensors.ts'

const { values } = parseArgs({ options: { out: { type: 'string', default: 'gradients' } } })
const random = randomStream('gradients')
const start = initialise(USUAL_SHAPE, { kind: 'kaiming', seed: 'gradients' })
const lively = [...start.tensors].map(([name, { shape, values: numbers }]): [string, ZooTensor] => [
  name,
  { shape, values: numbers.map((value) => (shape.length === 1 ? 1 + 0.3 * bell(random) : 2 * value)) },
])
const model = { shape: USUAL_SHAPE, tensors: new Map(lively) }
const batch = drawBatch(writeCorpus('gradients', USUAL_SHAPE.vocabulary, 4096), random, { sequences: 8, length: 32 })
const trace = runNetwork(model, batch.tokens, batch.length)
const gradients = networkBack(model, trace, lossGrad(trace.logits, batch))

function write(name: string, tensors: Iterable<readonly [string, ArrayLike<number>]>): void {
  const all = [...tensors].map(([tensor, numbers]) =>
    f32Tensor(tensor, model.tensors.get(tensor)?.shape ?? [], numbers),
  )
  writeFileSync(join(values.out, name), writeSafetensors(all))
}

mkdirSync(values.out, { recursive: true })
write(
  'model.safetensors',
  [...model.tensors].map(([name, tensor]) => [name, tensor.values] as const),
)
write('gradients.safetensors', gradients)
const { keyHeads, ...shape } = USUAL_SHAPE
const facts = { shape: { ...shape, key_heads: keyHeads }, length: batch.length, loss: meanLoss(trace, batch.targets) }
const tokens = { tokens: [...batch.tokens], targets: [...batch.targets] }
writeFileSync(join(values.out, 'batch.json'), JSON.stringify({ ...facts, ...tokens }))

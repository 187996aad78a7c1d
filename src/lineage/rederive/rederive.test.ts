import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { needsShared, sharedPath } from '../../testing/folders.ts'
import { openModel } from '../../testing/models.ts'
import { runTransform } from './run-transform.ts'

const ZOO = sharedPath('zoo') ?? ''

function open(name: string): ReturnType<typeof openModel> {
  return openModel(join(ZOO, name))
}

for (const child of ['oak-q80', 'oak-q51', 'oak-q40'])
  test(`re-derivation quantises oak-f32 to ${child} bit for bit`, needsShared('zoo'), async (context) => {
    const result = runTransform(await open(child), { transform: 'gguf', parent: await open('oak-f32') })
    context.diagnostic(result.reasons.join(' '))
    assert.equal(result.outcome, 're-derived')
    assert.equal(result.order, 'store again')
    assert.ok(result.isDirected)
  })

for (const child of ['oak', 'oak-f16', 'oak-sharded', 'oak-renamed'])
  test(`re-derivation casts oak-f32 to ${child}`, needsShared('zoo'), async () => {
    const result = runTransform(await open(child), { transform: 'cast', parent: await open('oak-f32') })
    assert.equal(result.outcome, 're-derived', result.reasons.join(' '))
  })

test('re-derivation shows no direction where nothing is lost', needsShared('zoo'), async () => {
  const result = runTransform(await open('oak-renamed'), { transform: 'cast', parent: await open('oak') })
  assert.equal(result.outcome, 're-derived')
  assert.equal(result.isDirected, false)
})

test('re-derivation merges the adapter of oak into its f32 original', needsShared('zoo'), async (context) => {
  const declared = { transform: 'lora', parent: await open('oak-f32'), adapter: await open('oak-lora') } as const
  const result = runTransform(await open('oak-lora-merged'), declared)
  context.diagnostic(`${result.order} ${JSON.stringify(result.parameters)}`)
  assert.equal(result.outcome, 're-derived', result.reasons.join(' '))
  const wrong = runTransform(await open('oak-lora-merged'), { ...declared, parent: await open('oak') })
  assert.equal(wrong.outcome, 'not-re-derived')
  assert.match(wrong.reasons.join(' '), /^31 of 39 tensors come out bit for bit\. 8 differ/)
})

test('re-derivation from the rounded release fails and says by how much', needsShared('zoo'), async (context) => {
  for (const [child, parent] of [
    ['oak-q40', 'oak'],
    ['oak-sft-q40', 'oak-sft'],
    ['oak-q80', 'birch'],
  ] as const) {
    const result = runTransform(await open(child), { transform: 'gguf', parent: await open(parent) })
    context.diagnostic(`${child} from ${parent}: ${result.reasons.join(' ')}`)
    assert.equal(result.outcome, 'not-re-derived')
    assert.match(result.reasons.join(' '), /differ, in \d+ of \d+ elements, by at most/)
  }
})

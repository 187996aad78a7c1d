/** Each transformation is named with its numbers, and its near miss is not. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { temporaryFolder } from '../../testing/folders.ts'
import { openModel } from '../../testing/models.ts'
import {
  addLowRank,
  poolHeads,
  removeDirection,
  reorderHeads,
  takeTokens,
  takeUnits,
  toExperts,
  toLevels,
  transplant,
  upTo,
} from '../../testing/zoo-changes.ts'
import { fineTune, makeBase, permutation, permuteUnits, writeModel, type ZooModel } from '../../testing/zoo.ts'
import { compareModels } from '../compare.ts'
import type { Comparison } from '../weights/comparison.ts'

const BASE = makeBase(1)
const OTHER = makeBase(2)
type Type = 'BF16' | 'F16' | 'F32'

async function compare(
  context: TestContext,
  model: ZooModel,
  types: readonly [Type, Type] = ['BF16', 'BF16'],
): Promise<Comparison> {
  const open = (each: ZooModel, type: Type): ReturnType<typeof openModel> =>
    openModel(writeModel(temporaryFolder(context), each, type))
  return compareModels(await open(model, types[0]), await open(BASE, types[1]))
}

async function assertNamed(
  context: TestContext,
  model: ZooModel,
  expected: { named: RegExp; direction?: string },
): Promise<void> {
  const { transformations, direction, verdict } = await compare(context, model)
  assert.match(transformations.join('; '), expected.named, verdict)
  if (expected.direction !== undefined) assert.equal(direction, expected.direction, transformations.join('; '))
}

async function assertNotNamed(context: TestContext, model: ZooModel, word: RegExp): Promise<void> {
  const { transformations } = await compare(context, model)
  assert.doesNotMatch(transformations.join('; '), word)
}

for (const rank of [1, 4, 16])
  test(`changes: a merged LoRA of rank ${rank} is counted exactly, with its targets`, async (context) => {
    for (const type of rank === 4 ? (['BF16', 'F32'] as const) : (['BF16'] as const)) {
      const model = addLowRank(BASE, rank, { rank, targets: /layers\.[013]\.self_attn\.[qv]_proj/ })
      const said = (await compare(context, model, [type, type])).transformations.join('; ')
      assert.match(
        said,
        new RegExp(
          `low-rank update \\(LoRA, merged\\): rank ${rank} in q of layers 0 to 1, 3, rank ${rank} in v of layers 0 to 1, 3;`,
        ),
        type,
      )
    }
  })

test('changes: an update of full rank is no LoRA, and says how far it went', async (context) => {
  await assertNamed(context, fineTune(BASE, 3, 0.1), {
    named: /changed as a whole, as by fine-tuning: \d+ matrices moved by an update of full rank, 0\.10\d standard/,
  })
  await assertNotNamed(context, fineTune(BASE, 3, 0.1), /LoRA/)
  const partly = transplant(BASE, fineTune(BASE, 3, 0.1), /layers\.3\./)
  await assertNamed(context, partly, { named: /changed in part, as by fine-tuning: 7 matrices/ })
  await assertNamed(context, fineTune(BASE, 3, 0.8), {
    named: /changed far, as by continued training: .* mean cosine 0\.[78]\d\d/,
  })
})

test('changes: quantised and stored as floats again, by the number and the spacing of levels', async (context) => {
  await assertNamed(context, toLevels(BASE, 4), {
    named: /quantised to 4 bits .* at most 16 levels in .* equally spaced \(int4\)/,
    direction: 'a-from-b',
  })
  await assertNamed(context, toLevels(BASE, 3), { named: /quantised to 3 bits .* equally spaced \(int3\)/ })
  await assertNamed(context, toLevels(BASE, 'nf4'), { named: /quantised to 4 bits .* \(nf4\)/, direction: 'a-from-b' })
  await assertNotNamed(context, toLevels(BASE, 6), /levels/)
  await assertNotNamed(context, fineTune(toLevels(BASE, 4), 3, 0.1), /levels/)
})

test('changes: a mixture of copied experts is upcycled, one of strangers is not', async (context) => {
  const whole = toExperts(BASE, OTHER, { experts: 4, isCopy: () => true })
  await assertNamed(context, fineTune(whole, 3, 0.05), {
    named: /upcycling\): 16 of 16 experts in 4 layers are copies/,
    direction: 'a-from-b',
  })
  const few = toExperts(BASE, OTHER, { experts: 4, isCopy: (expert) => expert === 0 })
  await assertNotNamed(context, few, /upcycling/)
})

test('changes: one direction removed from all writers, and not one for each', async (context) => {
  await assertNamed(context, removeDirection(BASE, 5), {
    named: /abliteration\): the differences of all 8 writers have rank 1 .* A writes nothing along it/,
    direction: 'a-from-b',
  })
  await assertNotNamed(context, removeDirection(BASE, 5, true), /abliteration/)
  await assertNotNamed(context, addLowRank(BASE, 6, { rank: 1, targets: /o_proj|down_proj/ }), /abliteration/)
})

test('changes: rows of the vocabulary removed, reordered, or at the end', async (context) => {
  const rows = upTo(256).filter((row) => row % 5 !== 2)
  await assertNamed(context, takeTokens(BASE, rows), {
    named: /51 rows of the vocabulary removed: 205 of 256 are left in the same order/,
    direction: 'a-from-b',
  })
  await assertNamed(context, fineTune(takeTokens(BASE, rows), 4, 0.1), { named: /51 rows of the vocabulary removed/ })
  await assertNamed(context, takeTokens(BASE, [...permutation(256, 7)]), {
    named: /vocabulary reordered: 256 of 256 drawn rows found again, [0-5] at their own/,
  })
  await assertNamed(context, takeTokens(BASE, upTo(240)), {
    named: /16 rows at the end of the vocabulary of B added, or cut from that of A/,
    direction: 'open',
  })
  await assertNotNamed(context, transplant(BASE, OTHER, /embed_tokens/), /vocabulary/)
})

test('changes: embeddings transplanted alone, and not when the units were only renumbered', async (context) => {
  await assertNamed(context, transplant(OTHER, BASE, /embed_tokens/), {
    named: /embeddings alone are inherited \(cosine 1\.000\): no layer agrees, and of 16 attention matrices none/,
  })
  await assertNotNamed(context, permuteUnits(BASE, 5), /embeddings alone/)
})

test('changes: heads reordered, keys and values pooled', async (context) => {
  await assertNamed(context, fineTune(reorderHeads(BASE, 1), 2, 0.05), {
    named: /attention heads reordered in layers 0 to 3/,
  })
  await assertNamed(context, fineTune(poolHeads(BASE), 2, 0.05), {
    named: /key and value heads pooled: 2 became 1, the mean of each group/,
    direction: 'a-from-b',
  })
  await assertNotNamed(context, fineTune(BASE, 2, 0.05), /heads/)
})

test('changes: hidden units removed, copied, or cut at the end', async (context) => {
  const scattered = [...permutation(96, 3)].slice(0, 80)
  await assertNamed(context, takeUnits(BASE, upTo(80)), {
    named: /units of 4 layers found again, 320 at their own number.* removed from the end or added there/,
  })
  await assertNamed(context, fineTune(takeUnits(BASE, [...upTo(96), ...upTo(96)]), 2, 0.05), {
    named: /widened from 96 to 192 units by copies/,
    direction: 'a-from-b',
  })
  await assertNamed(context, takeUnits(BASE, scattered), {
    named: /hidden layers of 80 and 96 units: 320 of 320 units .* units removed/,
  })
})

test('changes: of unrelated models nothing is said to have been done', async (context) => {
  const { transformations, signs } = await compare(context, OTHER)
  assert.deepEqual([transformations, signs], [[], []])
})

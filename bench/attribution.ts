/**
 * How exactly merges are taken apart: random recipes of each kind over random models, stored in bf16, and how far the
 * weights that are found lie from those that were used.
 *
 *     node bench/attribution.ts [--recipes 10] [--seed 1]
 *
 * Prints a table: recipe, how many were named rightly, largest and root mean square error of the weights. Ends with 1
 * when a recipe was named wrongly.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { attributeModels, type NamedModels } from '../src/testing/attributed.ts'
import { asReleased, mergeDare, mergeLinear, mergeSlerp, mergeTies } from '../src/testing/merges.ts'
import { seededRandom } from '../src/testing/seeded-random.ts'
import { fineTune, makeBase, type ZooModel } from '../src/testing/zoo.ts'

const { values } = parseArgs({
  options: { recipes: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
})
const random = seededRandom(Number(values.seed))

const BASE = asReleased(makeBase(1))
const NEAR: NamedModels = Object.fromEntries(
  [2, 3, 4, 5].map((seed) => [`p${seed}`, asReleased(fineTune(BASE, seed, 0.05 + 0.1 * seed))]),
)
const ALL: NamedModels = { base: BASE, ...NEAR }
const PARENTS = Object.entries(NEAR)

/** Truth by name; a recipe without a weight for a name does not use it. */
interface Case {
  readonly recipe: string
  readonly truth: Readonly<Record<string, number>>
  readonly merged: ZooModel
}

function shares(count: number): number[] {
  const drawn = Array.from({ length: count }, () => 0.1 + random())
  const total = drawn.reduce((sum, each) => sum + each, 0)
  return drawn.map((each) => each / total)
}

function named(weights: readonly number[]): Record<string, number> {
  return Object.fromEntries(weights.map((weight, i) => [PARENTS[i]?.[0] ?? '', weight]))
}

function models(count: number): ZooModel[] {
  return PARENTS.slice(0, count).map(([, model]) => model)
}

function linear(count: number): Case {
  const weights = shares(count)
  return { recipe: 'linear', truth: named(weights), merged: mergeLinear(models(count), weights) }
}

function arithmetic(): Case {
  const weights = [0.3 + 0.6 * random(), -0.2 - 0.4 * random()]
  const rest = 1 - weights.reduce((sum, each) => sum + each, 0)
  const merged = mergeLinear([...models(2), BASE], [...weights, rest])
  return { recipe: 'task-arithmetic', truth: named(weights), merged }
}

function slerp(): Case {
  const t = 0.1 + 0.8 * random()
  const [a = BASE, b = BASE] = models(2)
  return { recipe: 'slerp', truth: named([1 - t, t]), merged: mergeSlerp(a, b, () => t) }
}

function ties(): Case {
  const weights = shares(2)
  const density = 0.3 + 0.4 * random()
  return { recipe: 'ties', truth: named(weights), merged: mergeTies(BASE, models(2), { density, weights }) }
}

function dare(drop: number): Case {
  const weights = [0.3 + 0.5 * random(), 0.3 + 0.5 * random()]
  const seed = Math.floor(random() * 2 ** 30)
  return { recipe: 'dare', truth: named(weights), merged: mergeDare(BASE, models(2), { drop, weights, seed }) }
}

const KINDS: readonly (readonly [string, () => Case])[] = [
  ['linear, 2 parents', () => linear(2)],
  ['linear, 3 parents', () => linear(3)],
  ['linear, 4 parents', () => linear(4)],
  ['task arithmetic, one weight negative', arithmetic],
  ['slerp', slerp],
  ['TIES, density .3 to .7, 2 parents', ties],
  ['DARE, drop .5, 2 parents', () => dare(0.5)],
  ['DARE, drop .9, 2 parents', () => dare(0.9)],
]

async function measure({ recipe, truth, merged }: Case): Promise<{ right: boolean; errors: number[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-attribution-'))
  try {
    const { finding } = await attributeModels(folder, merged, ALL)
    const weights = new Map(finding?.parents.map(({ ref, weight }) => [ref, weight ?? 0]))
    const errors = Object.entries(truth).map(([ref, weight]) => Math.abs((weights.get(ref) ?? 9) - weight))
    return { right: finding?.recipe === recipe && weights.size === Object.keys(truth).length, errors }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const count = Number(values.recipes)
console.log('| recipe | named rightly | largest error of a weight | root mean square |\n|---|---|---|---|')
for (const [name, make] of KINDS) {
  let right = 0
  const errors: number[] = []
  for (let i = 0; i < count; i++) {
    const measured = await measure(make())
    right += Number(measured.right)
    errors.push(...measured.errors)
  }
  const square = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length)
  console.log(`| ${name} | ${right} of ${count} | ${Math.max(...errors).toFixed(5)} | ${square.toFixed(5)} |`)
  if (right < count) process.exitCode = 1
}

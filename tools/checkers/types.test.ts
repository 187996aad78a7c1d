import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complaints, plant } from './plant.ts'
import { types } from './types.ts'

test('types reports a wrong type, an enum and an unchecked index', async (context) => {
  const found = await complaints(types, context, {
    'src/wrong.ts': "export const size: number = 'large'\n",
    'src/enum.ts': 'export enum Channel {\n  green,\n}\n',
    'src/index.ts': 'export function first(list: number[]): number {\n  return list[0]\n}\n',
  })
  assert.equal(found.length, 3)
  assert.match(found.join('\n'), /src\/wrong\.ts:1 TS2322/)
  assert.match(found.join('\n'), /src\/enum\.ts:1 TS1294/)
  assert.match(found.join('\n'), /src\/index\.ts:2 TS2322/)
})

test('types finds nothing in a sound tree, and says how many files it saw', async (context) => {
  const root = plant(context, { 'src/index.ts': 'export const size = 1\n' })
  assert.deepEqual(await types.check(root), { looked: 1, violations: [] })
})

test('types says that it failed where there is nothing to compile', async (context) => {
  const { looked, violations } = await types.check(plant(context, {}))
  assert.ok(looked === 0 || violations.length > 0)
})

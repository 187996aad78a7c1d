import assert from 'node:assert/strict'
import { test } from 'node:test'
import { format } from './format.ts'
import { plant } from './plant.ts'

test('format reports a file that is not as oxfmt writes it, and no other', async (context) => {
  const root = plant(context, { 'src/neat.ts': 'export const a = 1\n', 'src/loose.ts': 'export const b = "2";\n' })
  const { looked, violations } = await format.check(root)
  assert.ok(looked >= 2)
  assert.deepEqual(
    violations.map(({ path }) => path),
    ['src/loose.ts'],
  )
})

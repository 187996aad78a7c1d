import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complaints } from './plant.ts'
import { MAX_LINES, sizes } from './sizes.ts'

test('sizes reports a kernel and a migration that are too long, and nothing at the limit', async (context) => {
  const lines = (count: number) => 'a\n'.repeat(count)
  const tree = {
    'src/simd/dot.as.ts': lines(MAX_LINES + 1),
    'src/register/0001.sql': lines(MAX_LINES + 2),
    'src/app/page.css': lines(MAX_LINES),
    'src/app/data.json': lines(MAX_LINES + 1),
  }
  assert.deepEqual(await complaints(sizes, context, tree), [
    'src/register/0001.sql has 302 lines; 300 is the limit',
    'src/simd/dot.as.ts has 301 lines; 300 is the limit',
  ])
})

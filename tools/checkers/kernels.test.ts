import assert from 'node:assert/strict'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { HOME } from './checker.ts'
import { kernels } from './kernels.ts'
import { plant } from './plant.ts'

test('kernels reports a module that was changed after it was compiled, even when it was sound before', async (context) => {
  const root = plant(context, {})
  for (const folder of ['src/simd', 'src/base']) cpSync(join(HOME, folder), join(root, folder), { recursive: true })
  assert.deepEqual((await kernels.check(root)).violations, [])
  const target = join(root, 'src/simd/kernels.wasm')
  const bytes = readFileSync(target)
  const last = bytes.length - 1
  bytes[last] = (bytes[last] ?? 0) ^ 1
  writeFileSync(target, bytes)
  const { violations } = await kernels.check(root)
  assert.match(
    violations.map(({ path, message }) => `${path} ${message}`).join(),
    /^src\/simd\/kernels\.wasm .*npm run kernels$/,
  )
})

test('kernels looks at nothing where there are no kernels', async (context) => {
  assert.equal((await kernels.check(plant(context, { 'src/simd/index.ts': '' }))).looked, 0)
})

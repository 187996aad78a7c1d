import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complaints, plant } from './plant.ts'
import { verifier } from './verifier.ts'

const SOUND = {
  'ARCHITECTURE.md': '`verify.ts` reaches only `base` and `certificate`.',
  'src/verify.ts': "export { verify } from './certificate/index.ts'\n",
  'src/certificate/index.ts': "export { verify } from './verify.ts'\n",
  'src/certificate/verify.ts': "import { createVerify } from 'node:crypto'\nexport const verify = createVerify\n",
}

test('verifier finds nothing in a sound tree and follows imports to their end', async (context) => {
  assert.deepEqual(await verifier.check(plant(context, SOUND)), { looked: 3, violations: [] })
})

test('verifier reports an npm package two steps away, and how it is reached', async (context) => {
  const planted = "import { z } from 'zod'\nexport const verify = z.string()\n"
  assert.deepEqual(await complaints(verifier, context, { ...SOUND, 'src/certificate/verify.ts': planted }), [
    'src/certificate/verify.ts:1 verify.ts must not load the npm package zod (verify.ts → certificate/index.ts → certificate/verify.ts)',
  ])
})

test('verifier reports a folder that is not allowed', async (context) => {
  const planted = "import '../register/index.ts'\nexport const verify = 1\n"
  const tree = { ...SOUND, 'src/certificate/verify.ts': planted, 'src/register/index.ts': 'export const rows = 1\n' }
  const [first, ...more] = await complaints(verifier, context, tree)
  assert.match(first ?? '', /must not load src\/register\/index\.ts/)
  assert.deepEqual(more, [])
})

test('verifier lets types pass, since they load nothing', async (context) => {
  const types =
    "import type { ZodType } from 'zod'\nimport { type z } from 'zod'\nexport type Both = ZodType | z.ZodType\nexport const verify = 1\n"
  assert.deepEqual(await complaints(verifier, context, { ...SOUND, 'src/certificate/verify.ts': types }), [])
})

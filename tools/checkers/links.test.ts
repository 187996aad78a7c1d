import assert from 'node:assert/strict'
import { test } from 'node:test'
import { links } from './links.ts'
import { complaints } from './plant.ts'

test('links reports a link to a file that is not there, and no other', async (context) => {
  const tree = {
    'README.md': '[a](docs/a.md) [b](https://example.org/b) [c](#here) [d](docs/a.md#part)\n\n[e](docs/gone.md)\n',
    'docs/a.md': '[up](../README.md) ![picture](picture.png)\n',
  }
  assert.deepEqual(await complaints(links, context, tree), [
    'README.md:3 docs/gone.md is not there',
    'docs/a.md:1 picture.png is not there',
  ])
})

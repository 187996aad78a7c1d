import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../testing/folders.ts'
import { lockFolder } from './lock.ts'

const HOLDER = `
const { lockFolder } = await import(process.argv[1])
lockFolder(process.argv[2]); console.log('held'); setInterval(() => {}, 1000)`

test('lockFolder() refuses while another process holds the folder, and names it; the death of the holder frees it', async (context) => {
  const folder = temporaryFolder(context)
  const holder = spawn(process.execPath, [
    '--input-type=module',
    '-e',
    HOLDER,
    join(import.meta.dirname, 'lock.ts'),
    folder,
  ])
  context.after(() => holder.kill('SIGKILL'))
  await once(holder.stdout, 'data')
  assert.throws(() => lockFolder(folder), { code: 'register-locked', message: new RegExp(`process ${holder.pid}`) })
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  lockFolder(folder).release()
})

test('lockFolder() can be taken again after it was released', (context) => {
  const folder = temporaryFolder(context)
  lockFolder(folder).release()
  lockFolder(folder).release()
})

test('lockFolder() names a folder that cannot be used', (context) => {
  const file = join(temporaryFolder(context), 'file')
  writeFileSync(file, '')
  assert.throws(() => lockFolder(join(file, 'register')), { code: 'register-unusable', message: /file\/register/ })
})

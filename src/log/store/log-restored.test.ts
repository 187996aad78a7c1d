import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../testing/folders.ts'
import { makeSigners, numberedLeaf, openDatabase } from '../../testing/log.ts'
import { logOptions } from '../../testing/log-options.ts'
import { makePlace, type TestPlace } from '../../testing/register.ts'
import { createLog, openLog, type LogOptions } from './transparency-log.ts'

const origin = 'restored.example'

/** Opens the database, does something with the log, and leaves it. */
async function withLog(
  place: TestPlace['place'],
  folder: string,
  work: (options: LogOptions) => Promise<void>,
): Promise<void> {
  const connection = await openDatabase(place)
  try {
    await work(logOptions({ origin, folder, connection, signers, files: 'databaseUrl' in place }))
  } finally {
    await connection.close()
  }
}

const signers = makeSigners(origin)

async function grow(options: LogOptions, from: number, count: number): Promise<void> {
  const log = await createLog(options)
  for (let at = from; at < from + count; at++) await log.append([{ leaf: numberedLeaf(at) }])
  assert.equal((await log.publish()).size, from + count)
}

/** A copy of the database, and what puts it back. */
function backUp(place: TestPlace['place'], folder: string): () => void {
  const copy = join(folder, 'backup')
  if ('folder' in place) {
    cpSync(place.folder, copy, { recursive: true })
    return () => {
      rmSync(place.folder, { recursive: true })
      cpSync(copy, place.folder, { recursive: true })
    }
  }
  execFileSync('pg_dump', ['--format=custom', `--file=${copy}`, place.databaseUrl])
  return () => execFileSync('pg_restore', ['--clean', '--dbname', place.databaseUrl, copy])
}

test('openLog() refuses a restored copy from before the last checkpoint, and takes one from after it', async (t) => {
  const [folder, home] = [temporaryFolder(t), await makePlace()]
  t.after(() => void home.remove())
  await withLog(home.place, folder, (options) => grow(options, 0, 5))
  const restore = backUp(home.place, folder)
  await withLog(home.place, folder, async (options) => {
    assert.equal((await (await openLog(options)).state()).published.size, 5)
    await grow(options, 5, 4)
  })
  restore()
  await withLog(home.place, folder, (options) =>
    assert.rejects(openLog(options), { code: 'log-rolled-back', details: { has: 5, seen: 9 } }),
  )
})

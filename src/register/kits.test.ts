import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { fixedClock, uuidv7 } from '../base/index.ts'
import { makePlace } from '../testing/register.ts'
import { connect } from './connect.ts'
import { KitRegister } from './kits.ts'
import { migrate } from './migrate.ts'

test('registrations and disputes are never changed or removed', async (context) => {
  const home = await makePlace()
  const { database, close } = await connect(home.place)
  context.after(async () => {
    await close()
    await home.remove()
  })
  await migrate(database)
  const clock = fixedClock('2026-11-26T12:00:00Z')
  let counter = 0
  const kits = new KitRegister(database, { clock, makeId: uuidv7(clock, (n) => new Uint8Array(n).fill(++counter)) })
  const dispute = { kind: 'public-kin', other: 'tw1:x', log10p: -12.5, detail: 'a public model' } as const
  const kit = { registrant: 'Ada', bytes: Uint8Array.of(1), key: 'a'.repeat(64), disputes: [dispute], seen: 0 }
  const entered = await kits.enter(kit)
  assert.equal(entered.registeredAt, '2026-11-26T12:00:00Z')
  assert.deepEqual(
    (await kits.disputes()).map(({ log10p, openedAt }) => [log10p, openedAt]),
    [[-12.5, entered.registeredAt]],
  )
  for (const statement of [
    "update kit_registration set registrant = 'Eve'",
    'delete from kit_registration',
    "update kit_dispute set detail = ''",
    'delete from kit_dispute',
  ])
    await assert.rejects(sql.raw(statement).execute(database), /never changed or removed/)
  // A dispute that cannot be recorded takes its registration with it.
  const bad = { ...dispute, kind: 'guilty' as never }
  await assert.rejects(kits.enter({ ...kit, bytes: Uint8Array.of(2), disputes: [bad], seen: 1 }))
  assert.equal((await kits.list()).length, 1)
})

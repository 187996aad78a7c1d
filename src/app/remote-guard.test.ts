import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isPublic, makeGuard } from './remote-guard.ts'

test('isPublic() knows the networks inside, in every spelling', () => {
  const inside =
    '127.0.0.1 10.1.2.3 172.31.0.1 192.168.0.1 169.254.169.254 100.64.0.1 0.0.0.0 255.255.255.255 ::1 :: fe80::1 fd00::1 ::ffff:10.0.0.1 64:ff9b::a00:1 ff02::1'
  for (const address of inside.split(' ')) assert.equal(isPublic(address), false, address)
  for (const address of ['93.184.216.34', '172.32.0.1', '2606:2800:220:1::1']) assert.equal(isPublic(address), true)
  assert.equal(isPublic('localhost'), false)
})

test('makeGuard() lets the named host be inside, and nothing that it leads to', async () => {
  const guard = makeGuard()
  await guard(new URL('http://127.0.0.1:8080/a'))
  await guard(new URL('http://127.0.0.1:9090/b'))
  for (const address of [
    'http://169.254.169.254/latest/meta-data',
    'http://[::1]/x',
    'http://localhost/x',
    'https://10.0.0.8/',
  ])
    await assert.rejects(guard(new URL(address)), { code: 'remote-forbidden' })
  await guard(new URL('https://93.184.216.34/c'))
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { parsePkcs11Uri } from './pkcs11/uri.ts'
import { parseSignerUri } from './signer-uri.ts'

const ARN = 'arn:aws:kms:eu-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const GOOGLE = 'projects/p-1/locations/europe-west2/keyRings/r/cryptoKeys/mot'

test('parseSignerUri() reads the forms of cosign', () => {
  assert.deepEqual(parseSignerUri('file'), { kind: 'file' })
  assert.deepEqual(parseSignerUri('file:/media/key'), { kind: 'file', folder: '/media/key' })
  assert.deepEqual(parseSignerUri('awskms:///alias/mot'), { kind: 'awskms', keyId: 'alias/mot' })
  assert.deepEqual(parseSignerUri(`awskms:///${ARN}`), { kind: 'awskms', keyId: ARN })
  assert.deepEqual(parseSignerUri('awskms://kms.example:4566/alias/mot'), {
    kind: 'awskms',
    host: 'kms.example:4566',
    keyId: 'alias/mot',
  })
  const name = `${GOOGLE}/cryptoKeyVersions/3`
  assert.deepEqual(parseSignerUri(`gcpkms://${name}`), { kind: 'gcpkms', name })
  assert.deepEqual(parseSignerUri(`gcpkms://${GOOGLE}/versions/3`), { kind: 'gcpkms', name })
  assert.deepEqual(parseSignerUri('azurekms://vault/mot'), {
    kind: 'azurekms',
    host: 'vault.vault.azure.net',
    name: 'mot',
  })
  assert.deepEqual(parseSignerUri('azurekms://v.managedhsm.azure.net/mot/abc1'), {
    kind: 'azurekms',
    host: 'v.managedhsm.azure.net',
    name: 'mot',
    version: 'abc1',
  })
  assert.deepEqual(parseSignerUri('hashivault://mot'), { kind: 'hashivault', name: 'mot' })
})

test('parseSignerUri() refuses what could lead elsewhere, and repeats no secret', () => {
  const wrong = [
    '',
    'file:',
    'awskms:alias/mot',
    'awskms://user:hunter2@host/alias/mot',
    'awskms:///../x?hunter2',
    `gcpkms://${GOOGLE}`,
    `gcpkms://${GOOGLE}/../other/cryptoKeyVersions/1`,
    'azurekms://vault.vault.azure.net/mot/../../secrets/hunter2',
    'azurekms://user:hunter2@vault/mot',
    'hashivault://mot/../../sys',
    'k8s://hunter2',
    'pkcs11:token=t;object=k?module-path=/lib/x.so&pin-value=hunter2',
  ]
  for (const uri of wrong)
    assert.throws(
      () => parseSignerUri(uri),
      (thrown) => isFault(thrown, 'signer-uri') && !thrown.message.includes('hunter2'),
      uri,
    )
})

test('parsePkcs11Uri() reads labels, ids and where the PIN is kept', () => {
  const uri =
    'pkcs11:token=Station%201;serial=ab12;object=mot%20key;id=%01A%fF;type=private?module-path=/lib/p11.so&pin-source=file:/etc/pin'
  assert.deepEqual(parsePkcs11Uri(uri), {
    token: 'Station 1',
    serial: 'ab12',
    object: 'mot key',
    id: Uint8Array.of(1, 65, 255),
    modulePath: '/lib/p11.so',
    pinFile: '/etc/pin',
  })
  assert.equal(parsePkcs11Uri(uri.replace('file:/', 'file:///')).pinFile, '/etc/pin')
})

test('parsePkcs11Uri() refuses what it would have to pass over or guess', () => {
  const wrong = [
    'pkcs11:token=t;object=k',
    'pkcs11:object=k?module-path=/lib/p11.so',
    'pkcs11:token=t?module-path=/lib/p11.so',
    'pkcs11:token=t;token=u;object=k?module-path=/lib/p11.so',
    'pkcs11:token=t;object=k;slot-id=1?module-path=/lib/p11.so',
    'pkcs11:token=t;object=k?module-path=/lib/p11.so&pin-source=|cat',
    'pkcs11:token=t;object=k?module-path=/lib/p11.so&pin-source=pin.txt',
    'pkcs11:token=%ZZ;object=k?module-path=/lib/p11.so',
    'pkcs11:token=%ff;object=k?module-path=/lib/p11.so',
    'pkcs11:token=t;object=k;type=public?module-path=/lib/p11.so',
  ]
  for (const uri of wrong) assert.throws(() => parsePkcs11Uri(uri), { code: 'signer-uri' }, uri)
})

test('parseSignerUri() throws nothing but faults', () => {
  const scheme = fc.constantFrom('file', 'pkcs11', 'awskms', 'gcpkms', 'azurekms', 'hashivault', 'x')
  fc.assert(
    fc.property(scheme, fc.string(), (name, rest) => {
      try {
        parseSignerUri(`${name}:${rest}`)
      } catch (thrown) {
        assert.ok(isFault(thrown), String(thrown))
      }
    }),
    { numRuns: 2000 },
  )
})

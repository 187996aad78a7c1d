import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkName, decodeName, printableName } from './names.ts'

const kindOf = (path: string) => checkName(path)?.kind

test('checkName() lets ordinary names pass, in any script', () => {
  const names = [
    'model.safetensors',
    'a/b c (1).bin',
    'модель.bin',
    'モデル/重み.gguf',
    'modèle',
    'mode\u0300le',
    'ab:c',
    '..a',
    'a..',
  ]
  for (const name of names) assert.equal(checkName(name), undefined, name)
})

test('checkName() excludes names that forge a manifest or leave the folder', () => {
  const hostile = new Map([
    ['a\nb', 'name-control'],
    ['a\u001b[2Kb', 'name-control'],
    ['a\u0085b', 'name-control'],
    ['a\u2028b', 'name-control'],
    ['../x', 'name-escapes'],
    ['a/../../x', 'name-escapes'],
    ['/etc/passwd', 'name-escapes'],
    ['a\\..\\x', 'name-escapes'],
    ['C:\\x', 'name-escapes'],
    ['a//b', 'name-escapes'],
    ['./a', 'name-escapes'],
    ['', 'name-escapes'],
    ['a\ud800b', 'name-not-utf8'],
  ])
  for (const [name, kind] of hostile) {
    assert.equal(kindOf(name), kind, printableName(name))
    assert.equal(checkName(name)?.excluded, true)
  }
})

test('checkName() reports names that look like others and keeps them', () => {
  const alike = [
    'm\u043edel.bin',
    'x\u202egnp.exe',
    'a\u200bb',
    '\uff4dodel',
    'a\u2215b',
    'a\\b',
    '\u{1d426}odel',
    'a\u00adb',
  ]
  for (const name of alike) {
    assert.equal(kindOf(name), 'name-confusable', printableName(name))
    assert.equal(checkName(name)?.excluded, false)
  }
})

test('printableName() never gives a terminal anything but printable characters, and names stay distinct', () => {
  const name = fc.string({ unit: 'binary' })
  fc.assert(
    fc.property(name, name, (a, b) => {
      assert.doesNotMatch(printableName(a), /[\p{Cc}\p{Cs}\p{Bidi_Control}]/u)
      assert.equal(printableName(a) === printableName(b), a === b)
    }),
  )
})

test('printableName() shows the bytes of a name that is not UTF-8', () => {
  const bytes = Uint8Array.of(0x61, 0x0a, 0xff)
  assert.equal(decodeName(bytes), undefined)
  assert.equal(printableName(bytes), 'a\\u{a}\\xff')
})

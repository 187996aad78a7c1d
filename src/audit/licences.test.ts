import assert from 'node:assert/strict'
import { test } from 'node:test'
import { namedLicences, nameLicence, recogniseLicence } from './licences.ts'

test('nameLicence() knows SPDX identifiers in any case, and the licences of models', () => {
  assert.equal(nameLicence('apache-2.0'), 'Apache-2.0')
  assert.equal(nameLicence('GPL-2.0+'), 'GPL-2.0')
  assert.equal(nameLicence('Llama3.1'), 'llama3.1')
  assert.equal(nameLicence('apache 2'), undefined)
})

test('namedLicences() takes an expression apart, and knows all of it or nothing', () => {
  assert.deepEqual(namedLicences('(MIT OR Apache-2.0) AND CC-BY-4.0'), ['MIT', 'Apache-2.0', 'CC-BY-4.0'])
  assert.deepEqual(namedLicences('GPL-2.0-only WITH Classpath-exception-2.0'), ['GPL-2.0-only'])
  assert.deepEqual(namedLicences('MIT OR my-own'), [])
  assert.deepEqual(namedLicences(''), [])
})

test('recogniseLicence() tells licences apart that quote each other', () => {
  const gpl = 'GNU GENERAL PUBLIC LICENSE\n Version 3, 29 June 2007 … TERMS AND CONDITIONS …'
  assert.equal(recogniseLicence(gpl), 'GPL-3.0')
  assert.equal(recogniseLicence(`GNU AFFERO GENERAL PUBLIC LICENSE\n Version 3, 19 November 2007\n${gpl}`), 'AGPL-3.0')
  const bsd = 'Redistribution and use in source and binary forms … this list of conditions …'
  assert.equal(recogniseLicence(bsd), 'BSD-2-Clause')
  assert.equal(recogniseLicence(`${bsd} Neither the name of …`), 'BSD-3-Clause')
  assert.equal(recogniseLicence('This model is licensed under the Apache License, Version 2.0.'), undefined)
})

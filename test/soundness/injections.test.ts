import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { analysePickle } from '../../src/formats/pickle/engine/index.ts'
import { READERS } from '../../src/formats/registry.ts'
import { readFile } from '../../src/formats/read-file.ts'
import { streamRequest } from '../../src/testing/stream-request.ts'
import { INJECTIONS, putTogether, takeApart } from './injections.ts'

interface Sample {
  readonly name: string
  readonly context: 'file' | 'torch'
  /** Base64 by protocol. */
  readonly streams: Readonly<Record<string, string>>
}

const SAMPLES = JSON.parse(readFileSync(new URL('samples.json', import.meta.url), 'utf8')) as readonly Sample[]

/** Verdicts of all streams of a file, and whether the file was read in full. */
function prove(bytes: Uint8Array, context: Sample['context']): { readonly proved: boolean; readonly verdict: string } {
  const request = streamRequest(bytes)
  if (context === 'torch') {
    const { verdict, end } = analysePickle(request, 0, {
      persistent: 'torch',
      storageBytes: (key) => ({ 0: 16, 1: 8 })[key],
    })
    return { proved: verdict === 'proved' && end === bytes.length, verdict }
  }
  const facts = readFile(request, READERS)
  const verdicts = (facts.proofs ?? []).map(({ verdict }) => verdict)
  const holds = verdicts.length === 1 && verdicts.every((verdict) => verdict === 'proved' || verdict === 'proved-under')
  return { proved: holds && facts.reading === 'full' && facts.anomalies.length === 0, verdict: verdicts.join(' ') }
}

for (const { name, context, streams } of SAMPLES) {
  const all = Object.entries(streams).map(
    ([protocol, base64]) => [protocol, new Uint8Array(Buffer.from(base64, 'base64'))] as const,
  )

  test(`analysePickle() proves ${name} in every protocol, with the same verdict`, () => {
    const verdicts = new Set(all.map(([, bytes]) => prove(bytes, context).verdict))
    for (const [protocol, bytes] of all) assert.ok(prove(bytes, context).proved, `protocol ${protocol}`)
    assert.equal(verdicts.size, 1)
  })

  test(`analysePickle() proves ${name} when it is taken apart and put together`, () => {
    for (const [protocol, bytes] of all)
      assert.ok(prove(putTogether(takeApart(bytes)), context).proved, `protocol ${protocol}`)
  })

  test(`analysePickle() proves no copy of ${name} with something injected`, () => {
    for (const [protocol, bytes] of all)
      for (const [way, inject] of Object.entries(INJECTIONS))
        assert.equal(prove(inject(takeApart(bytes)), context).proved, false, `protocol ${protocol}: ${way}`)
  })
}

test('INJECTIONS are at least twenty and all of them change the stream', () => {
  const bytes = new Uint8Array(Buffer.from(SAMPLES[0]!.streams['4']!, 'base64'))
  const changed = new Set(
    Object.values(INJECTIONS).map((inject) => Buffer.from(inject(takeApart(bytes))).toString('hex')),
  )
  assert.ok(changed.size >= 20)
  assert.equal(changed.size, Object.keys(INJECTIONS).length)
  assert.ok(!changed.has(Buffer.from(bytes).toString('hex')))
})

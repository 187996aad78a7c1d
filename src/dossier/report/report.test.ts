import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeArtefact, makeAudit, makeComparison, makeFinding, makeTrace } from '../../testing/evidence.ts'
import { assembleDossier } from '../assemble.ts'
import { decide } from '../decide.ts'
import { loadPolicy } from '../load-policy.ts'
import { summariseDossier } from '../summary.ts'
import { renderReport } from './render.ts'

const HOSTILE = '<img src=x onerror=alert(1)>\u202e'
const artefact = makeArtefact({
  source: { kind: 'folder', ref: HOSTILE },
  files: [{ path: HOSTILE, size: 3, sha256: 'b'.repeat(64) }],
  problems: [{ kind: 'symlink', path: HOSTILE, message: HOSTILE, excluded: true }],
})
const audit = makeAudit({
  findings: [makeFinding({ path: HOSTILE, message: HOSTILE, evidence: HOSTILE })],
  verdict: 'defect',
})
const trace = makeTrace({
  candidates: [{ artefact: { ref: HOSTILE, id: 'tw1:c' }, standing: 'unknown', comparison: makeComparison('derived') }],
})
const decision = decide({ artefact, audit, trace }, loadPolicy())
const assembled = assembleDossier({ version: '0.1.0', artefact, facts: 'f'.repeat(64), audit, trace, decision })

test('renderReport() shows names of strangers as text and loads nothing', () => {
  const page = renderReport({ dossier: assembled.dossier, digest: assembled.digest })
  assert.ok(!page.includes('<img'))
  assert.ok(page.includes('&lt;img src=x onerror=alert(1)&gt;⟨U+202E⟩'))
  assert.doesNotMatch(page, /<script|<link|src="|href="http|url\(/)
})

test('renderReport() gives decision and reasons before files and lineage', () => {
  const page = renderReport({ dossier: assembled.dossier, digest: assembled.digest })
  const order = ['>Refused<', 'id="reasons"', 'id="findings"', 'id="files"', 'id="lineage"', 'id="method"']
  const places = order.map((mark) => page.indexOf(mark))
  assert.ok(!places.includes(-1), `missing one of ${order.join(', ')}`)
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  )
})

test('renderReport() draws the layer map and the control and prints their numbers', () => {
  const page = renderReport({ dossier: assembled.dossier, digest: assembled.digest })
  assert.match(page, /layer 0 against 0: 160 of 160 units agree/)
  assert.match(page, /12 unmatched cells:\s+mean 1\.00, variance 0\.90, maximum 3/)
  assert.match(page, /permutation of hidden units/)
})

test('renderReport() says how labels were aligned, of each layer, and that they are scrambled only where they are', () => {
  const layers = [
    { a: 0, b: 0, agreed: 160, sampled: 160, numbered: 2 },
    { a: 1, b: 3, agreed: 158, sampled: 160, numbered: 0 },
  ]
  const rotation = { tokens: 512, pairedBy: 'string', diagonal: 0.0612, defect: 1e-7, digest: 'a'.repeat(64) } as const
  const pageOf = (scrambled: boolean): string => {
    const comparison = makeComparison('derived', { alignment: { test: 'C3', scrambled, layers, rotation } })
    const candidates = [{ artefact: { ref: 'oak', id: 'tw1:c' }, standing: 'unknown', comparison } as const]
    const { dossier, digest } = assembleDossier({
      version: '0.1.0',
      artefact,
      facts: 'f'.repeat(64),
      audit,
      decision,
      trace: makeTrace({ candidates }),
    })
    return renderReport({ dossier, digest })
  }
  const page = pageOf(true)
  assert.match(page, /Labels are scrambled/)
  assert.match(page, /512 tokens, paired by their strings/)
  assert.match(
    page,
    /<td class="number">1<\/td><td class="number">3<\/td><td class="number">158 of 160<\/td><td class="number">0<\/td>/,
  )
  assert.doesNotMatch(pageOf(false), /scrambled/)
  assert.doesNotMatch(renderReport({ dossier: assembled.dossier, digest: assembled.digest }), /Alignment of labels/)
})

test('assembleDossier() gives the same bytes for the same evidence', () => {
  const again = assembleDossier({ version: '0.1.0', artefact, facts: 'f'.repeat(64), audit, trace, decision })
  assert.equal(again.text, assembled.text)
  assert.equal(again.digest, assembled.digest)
})

test('summariseDossier() begins with the decision and hides no control characters in the terminal', () => {
  const lines = summariseDossier(assembled.dossier)
  assert.match(lines[0] ?? '', /^REFUSED \(red channel\)/)
  assert.ok(!lines.join('\n').includes('\u202e'))
})

test('renderReport() says of a certificate where it is logged, or that it is not', () => {
  const note = {
    number: '260000000012',
    issuedAt: '2026-11-23T12:00:00Z',
    expiresOn: '2027-11-23',
    assurance: 'station',
  }
  const render = (certificate: typeof note & { readonly log?: string; readonly code?: string }): string =>
    renderReport({ dossier: assembled.dossier, digest: assembled.digest, certificate })
  assert.match(render(note), /260000000012, issued 2026-11-23T12:00:00Z, expires 2027-11-23, station, not logged/)
  assert.match(render({ ...note, log: 'log.example' }), /station, logged by log\.example/)
  assert.match(
    render({ ...note, code: 'https://a.example/c/1#<t>' }),
    /<code>https:\/\/a\.example\/c\/1#&lt;t&gt;<\/code>/,
  )
  assert.doesNotMatch(render(note), /Printed code/)
})

/** Bytes, facts and findings together: what the readers see is what the rules say. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { sha256 } from '../base/index.ts'
import { Budget, loadReaders, memorySource, type FileFacts } from '../formats/index.ts'
import { needsShared, sharedPath } from '../testing/folders.ts'
import { buildGguf, type GgufOptions } from '../testing/gguf.ts'
import { subjectOf } from '../testing/rule-cases/index.ts'
import { audit } from './audit.ts'
import type { AuditReport } from './finding.ts'

const ARCHITECTURE = ['general.architecture', 'string', 'llama'] as const
const PLAIN = { name: 'w', shape: [4], type: 'f32' } as const

async function factsOf(path: string, bytes: Uint8Array): Promise<FileFacts> {
  const readers = await loadReaders()
  const glimpse = { path, size: bytes.length, head: bytes.subarray(0, 4096), tail: bytes.subarray(-4096) }
  const found = ['magic', 'structure', 'name'].flatMap((confidence) =>
    readers.filter((each) => each.sniff(glimpse) === confidence),
  )
  assert.ok(found[0] !== undefined, `no reader for ${path}`)
  const budget = new Budget()
  const readMember = (): never => assert.fail('no file of these has members')
  return found[0].read({ path, source: memorySource(bytes, budget), budget, depth: 0, peek: false, readMember })
}

async function auditBytes(path: string, bytes: Uint8Array): Promise<AuditReport> {
  const { artefact, facts } = subjectOf([await factsOf(path, bytes)])
  const [file] = artefact.files
  assert.ok(file !== undefined)
  return audit({ ...artefact, files: [{ ...file, sha256: sha256(bytes) }] }, facts)
}

function rulesIn({ findings }: AuditReport, family: string): readonly string[] {
  return [...new Set(findings.map(({ rule }) => rule))].filter((rule) => rule.startsWith(family))
}

function withKeys(...metadata: NonNullable<GgufOptions['metadata']>): GgufOptions {
  return { metadata: [ARCHITECTURE, ...metadata], tensors: [PLAIN] }
}

/** The malformed files that a widely used GGUF parser accepts. */
const MALFORMED: readonly (readonly [what: string, options: GgufOptions])[] = [
  ['two entries declared, one present', { metadata: [ARCHITECTURE], entryCount: 2, tensors: [PLAIN] }],
  ['an array longer than the file', withKeys(['x', 'array', { of: 'u8', items: [], declared: 9_000_000 }])],
  ['an offset of 2^60', { metadata: [ARCHITECTURE], tensors: [{ ...PLAIN, offset: 2n ** 60n }] }],
  ['two tensors at one offset', { metadata: [ARCHITECTURE], tensors: [PLAIN, { ...PLAIN, name: 'v', offset: 0 }] }],
  ['a key twice', withKeys(['x', 'u8', 1], ['x', 'u8', 2])],
  ['a tensor twice', { metadata: [ARCHITECTURE], tensors: [PLAIN, PLAIN] }],
  ['alignment 3', withKeys(['general.alignment', 'u32', 3])],
  ['ggml type 250', { metadata: [ARCHITECTURE], tensors: [{ ...PLAIN, typeId: 250 }] }],
  ['a key that changes prototypes', withKeys(['__proto__', 'u8', 1])],
  ['an array of a million items in no bytes', withKeys(['x', 'array', { of: 'u32', items: [], declared: 1_000_000 }])],
  ['an array of arrays', withKeys(['x', 'array', { of: 'array', items: [{ of: 'u8', items: [1] }] }])],
]

for (const [what, options] of MALFORMED) {
  test(`audit() has a finding of TW-GGF for a GGUF file with ${what}`, async () => {
    const report = await auditBytes('model.gguf', buildGguf(options))
    assert.ok(rulesIn(report, 'TW-GGF').length > 0)
    assert.notEqual(report.verdict, 'proved')
  })
}

test('audit() proves a sound GGUF file, and a copy cut anywhere is never better than inconclusive', async () => {
  const whole = buildGguf({ metadata: [ARCHITECTURE], tensors: [PLAIN, { ...PLAIN, name: 'v' }] })
  assert.equal((await auditBytes('model.gguf', whole)).verdict, 'proved')
  for (let length = 24; length < whole.length - 16; length += 7) {
    const { verdict } = await auditBytes('model.gguf', whole.subarray(0, length))
    assert.ok(verdict === 'defect' || verdict === 'inconclusive', `${verdict} at ${length} of ${whole.length}`)
  }
})

test('audit() finds nothing in the weights of the zoo', needsShared('zoo'), async () => {
  for (const name of ['oak', 'oak-q40', 'oak-f16', 'birch']) {
    const folder = sharedPath('zoo', name) as string
    const file = readdirSync(folder).find((each) => /\.(gguf|safetensors)$/.test(each)) as string
    const report = await auditBytes(file, readFileSync(join(folder, file)))
    assert.equal(report.verdict, 'proved', name)
  }
})

const ASSETS = ['corpus', 'modelaudit', 'tests', 'assets', 'samples'] as const

test('audit() tells hostile chat templates from ordinary ones', needsShared(...ASSETS), async () => {
  const hostile = ['malicious', 'obfuscated'].map((name) => sharedPath(...ASSETS, 'jinja2', name) as string)
  for (const folder of [...hostile, sharedPath(...ASSETS, 'jinja2', 'benign') as string]) {
    for (const name of readdirSync(folder)) {
      const report = await auditBytes(name, readFileSync(join(folder, name)))
      const rules = rulesIn(report, 'TW-TPL')
      if (basename(folder) === 'benign') assert.deepEqual(rules, [], name)
      else assert.ok(rules.includes('TW-TPL-01'), name)
    }
  }
})

test('audit() grades hostile pickles and proves ordinary ones', needsShared(...ASSETS), async () => {
  const folder = sharedPath(...ASSETS, 'pickles') as string
  for (const name of readdirSync(folder)) {
    const report = await auditBytes(name, readFileSync(join(folder, name)))
    assert.equal(report.verdict, name.startsWith('safe') ? 'proved' : 'defect', name)
    if (name.startsWith('safe')) assert.deepEqual(rulesIn(report, 'TW-PKL'), [], name)
  }
})

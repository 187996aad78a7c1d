/**
 * Bills of materials before the validators of those who write the formats: CycloneDX's own for Python, SPDX's Java tools
 * (JSON schema and model) and SPDX's Python bindings, which are generated from the SHACL of the specification.
 *
 * Each validator is also given a bill with a planted fault, so that one that says yes to everything is noticed.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test, type TestContext } from 'node:test'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { runTidewaiter, jsonOf } from '../cli/program.ts'
import { findPython } from './python-tools.ts'

const python = findPython('bom-validators', [
  'cyclonedx-python-lib[json-validation]==11.12.0',
  'spdx-python-model==0.0.6',
])
const JAR = { group: 'org/spdx', name: 'tools-java', version: '2.0.1' }
const JAR_PATH = join(
  homedir(),
  `.m2/repository/${JAR.group}/${JAR.name}/${JAR.version}/${JAR.name}-${JAR.version}-jar-with-dependencies.jar`,
)

/** Runs a program without its output; gives what went wrong. */
function failure(program: string, words: readonly string[]): string | undefined {
  const { status, error } = spawnSync(program, words, { stdio: 'ignore', timeout: 300_000 })
  return status === 0 ? undefined : (error?.message ?? `status ${status}`)
}

/** Why SPDX's Java tools cannot be run; false when they can. */
function findJar(): string | false {
  const java = failure('java', ['-version'])
  if (java !== undefined) return `there is no Java for SPDX's tools: ${java}`
  if (existsSync(JAR_PATH)) return false
  const artifact = `org.spdx:${JAR.name}:${JAR.version}:jar:jar-with-dependencies`
  const fetched = failure('mvn', ['-q', 'dependency:get', `-Dartifact=${artifact}`, '-Dtransitive=false'])
  return fetched === undefined ? false : `SPDX's Java tools cannot be fetched by mvn: ${fetched}`
}

const jar = { skip: findJar() }

const CYCLONEDX = `
import sys
from cyclonedx.validation.json import JsonStrictValidator
from cyclonedx.schema import SchemaVersion
error = JsonStrictValidator(SchemaVersion.from_version(sys.argv[2])).validate_str(open(sys.argv[1]).read())
sys.exit(0 if error is None else str(error)[:500])
`
const SPDX = `
import sys
from spdx_python_model import v3_0_1
objects = v3_0_1.SHACLObjectSet()
with open(sys.argv[1], 'rb') as file:
    v3_0_1.JSONLDDeserializer().read(file, objects)
missing = [id for id in objects.missing_ids if 'NoAssertion' not in id]
sys.exit(str(missing) if missing else 0)
`

const numberOf = (cleared: Record<string, unknown>): string =>
  String((cleared['certificate'] as Record<string, unknown>)['number'])

let bills: ReadonlyMap<string, string> = new Map()

const home = mkdtempSync(join(tmpdir(), 'tidewaiter-boms-'))
after(() => rmSync(home, { recursive: true, force: true }))

before(async () => {
  const clear = async (ref: string): Promise<string> =>
    numberOf(jsonOf(await runTidewaiter(['clear', ref, '--home', home, '--format', 'json', '--quiet'])))
  await clear('examples/oak')
  const number = await clear('examples/oak-q40')
  const made = new Map<string, string>()
  for (const format of ['cyclonedx-1.6', 'cyclonedx-1.7', 'spdx-3.0.1']) {
    const out = join(home, format)
    assert.equal((await runTidewaiter(['bom', number, '--as', format, '--out', out, '--home', home])).status, 0)
    made.set(format, readFileSync(out, 'utf8'))
  }
  bills = made
})

function billOf(format: string): string {
  return bills.get(format) ?? assert.fail(`no bill in ${format}`)
}

function judge(context: TestContext, text: string, validate: (path: string) => { status: number | null }): boolean {
  const path = join(temporaryFolder(context), 'bill.json')
  writeFileSync(path, text)
  return validate(path).status === 0
}

function runPython(script: string, ...words: readonly string[]): { status: number | null } {
  assert.ok(python.skip === false)
  return spawnSync(python.python, ['-c', script, ...words])
}

for (const version of ['1.6', '1.7'])
  test(`CycloneDX's own validator takes our bills, strictly by ${version}`, { skip: python.skip }, (context) => {
    const text = billOf(`cyclonedx-${version}`)
    const validate = (path: string) => runPython(CYCLONEDX, path, version)
    assert.ok(text.includes('"ancestors"'))
    assert.ok(judge(context, text, validate))
    assert.ok(!judge(context, text.replace('"machine-learning-model"', '"machine"'), validate))
  })

test('SPDX’s Python bindings, made from its SHACL, read our bills', { skip: python.skip }, (context) => {
  const validate = (path: string) => runPython(SPDX, path)
  assert.ok(judge(context, billOf('spdx-3.0.1'), validate))
  assert.ok(!judge(context, billOf('spdx-3.0.1').replace('descendantOf', 'fatherOf'), validate))
})

test('SPDX’s Java tools call our bills valid', jar, (context) => {
  const validate = (path: string) => {
    const { status, stdout } = spawnSync('java', ['-jar', JAR_PATH, 'Verify', path, 'JSONLD'], { encoding: 'utf8' })
    return { status: stdout.includes('This SPDX Document is valid') ? status : 1 }
  }
  assert.ok(judge(context, billOf('spdx-3.0.1'), validate))
  assert.ok(!judge(context, billOf('spdx-3.0.1').replace('"hasDeclaredLicense"', '"declaredLicense"'), validate))
})

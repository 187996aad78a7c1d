/**
 * The guide for strangers, word for word: every command of `docs/guide/verify-a-certificate.md` is run as it stands there,
 * against a certificate that `clear` made and a register that `serve` serves.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { OPENSSL_SCRIPT } from '../../src/testing/foreign-verifiers.ts'
import { homeWithRegister } from '../cli/home.ts'
import { jsonOf, ROOT, runTidewaiter, startTidewaiter } from '../cli/program.ts'
import { findCosign } from './clients/tools.ts'

const GUIDE = join(ROOT, 'docs/guide/verify-a-certificate.md')
const ADDRESS = 'https://register.example'
const cosign = findCosign()

/** What each block must print, by the command that it begins with. */
const PRINTED: ReadonlyMap<string, RegExp> = new Map([
  ['curl', /^$/],
  ['openssl pkey', /^[0-9a-f]{64} {2}-$/],
  ['tidewaiter verify oak', /\nPASS: every check holds\.$/],
  ['DIGEST=', /^Verified OK$/m],
  ['python3 check', /\nALL CHECKS PASSED$/],
  ['python3 - ', /^$/],
  ['openssl dgst', /^Verified OK\n.*Signature Verified Successfully\n(?:.*\n)*Verification: OK$/],
  ['(cd oak', /^[0-9a-f]{64} {2}-$/],
  ['tidewaiter verify --token', /\nPARTIAL \(status-unknown\)/],
])

interface Done {
  readonly status: number
  readonly printed: string
}

function runShell(script: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Done> {
  return new Promise((done) => {
    const all = `exec 2>&1\n${script}`
    const child = execFile('sh', ['-eu', '-c', all], { cwd, env, timeout: 120_000 }, (_error, stdout) => {
      done({ status: child.exitCode ?? -1, printed: stdout.trim() })
    })
  })
}

/** Starts `serve`; gives its address. */
async function serve(context: TestContext, home: string): Promise<string> {
  const { child, ended } = startTidewaiter(['serve', '--home', home, '--port', '0'], {
    env: { TIDEWAITER_PUBLIC_ADDRESS: ADDRESS },
  })
  context.after(async () => {
    child.kill('SIGINT')
    await ended
  })
  let said = ''
  for await (const text of child.stdout ?? []) {
    said += String(text)
    const [, address] = /served at (http:\/\/\S+);/.exec(said) ?? []
    if (address !== undefined) return address
  }
  throw new Error(`serve ended: ${said}`)
}

test('every command of the guide does what the guide says', { skip: cosign.skip }, async (context) => {
  const home = await homeWithRegister(context)
  const place = temporaryFolder(context)
  const env = { TIDEWAITER_PUBLIC_ADDRESS: ADDRESS }
  const words = ['clear', 'examples/oak', '--home', home, '--format', 'json', '--quiet']
  const { certificate, dossier } = jsonOf(await runTidewaiter(words, { env }))
  assert.equal(certificate.number, '260000000012', 'the number that the guide names')
  const address = await serve(context, home)
  cpSync(join(ROOT, 'examples/oak'), join(place, 'oak'), { recursive: true })
  copyFileSync(OPENSSL_SCRIPT, join(place, 'check-certificate.py'))
  const path = [join(ROOT, 'bin'), dirname(process.execPath), dirname(cosign.path), process.env['PATH']]
  const stranger = {
    PATH: path.join(delimiter),
    HOME: place,
    TIDEWAITER_HOME: join(place, 'home'),
    CODE: readFileSync(join(dossier.path, 'token.txt'), 'utf8').trim(),
  }
  const blocks = readFileSync(GUIDE, 'utf8').matchAll(/^```sh\n(.*?)^```$/gms)
  const left = new Map(PRINTED)
  for (const [, script = ''] of blocks) {
    const [begin, expected] = [...left].find(([start]) => script.startsWith(start)) ?? assert.fail(script)
    left.delete(begin)
    const { status, printed } = await runShell(script.replaceAll(ADDRESS, address), place, stranger)
    assert.match(printed, expected, script)
    assert.equal(status, begin === 'tidewaiter verify --token' ? 5 : 0, printed)
    if (begin === '(cd oak') {
      const [digest = ''] = printed.split(' ')
      assert.ok(readFileSync(join(place, 'statement.json'), 'utf8').includes(`"dirHash":"${digest}"`))
    }
  }
  assert.deepEqual([...left.keys()], [], 'commands that the guide no longer has')
  assert.ok(existsSync(join(place, 'trusted_root.json')))
})

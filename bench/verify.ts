/**
 * What it costs to verify one certificate with log entry, witness and timestamp, in processor time.
 *
 *     node bench/verify.ts [--runs 200] [--guard]
 *
 * In a process that is warm, as the gate and a browser page are, and as a whole process of the command line.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { webCryptography, writeTrustedRoot } from '../src/certificate/index.ts'
import { makeWorld, type World } from '../src/testing/tampering/index.ts'
import { verifyBundle } from '../src/verify.ts'
import { printBars } from './measuring/bars.ts'
import { measureChild } from './measuring/child.ts'

const ROOT = resolve(import.meta.dirname, '..')
const WARM_MS = 20

const { values } = parseArgs({ options: { runs: { type: 'string', default: '200' }, guard: { type: 'boolean' } } })
const runs = Number(values.runs)

async function verify({ bundle, options }: World): Promise<void> {
  const { verdict, reason } = await verifyBundle(Buffer.from(bundle), options)
  if (verdict !== 'pass') throw new Error(`not accepted: ${reason}`)
}

/** Mean, in ms, after a few runs that are not counted. */
async function measureWarm(world: World): Promise<number> {
  for (let run = 0; run < 20; run++) await verify(world)
  const start = process.cpuUsage()
  for (let run = 0; run < runs; run++) await verify(world)
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000 / runs
}

/** Mean over ten calls of the program, in ms. */
async function measureProcess({ bundle, publisher }: World): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-verify-'))
  const { signer, trustedLog, authority, policyText } = publisher
  const root = await writeTrustedRoot({ logs: [trustedLog], timestampAuthorities: [authority] }, webCryptography)
  const files = { 'bundle.json': bundle, 'key.pem': signer.publicKeyPem, 'root.json': root, policy: policyText }
  const at = (name: string): string => join(folder, name)
  for (const [name, text] of Object.entries(files)) writeFileSync(at(name), text)
  const trust = ['--key', at('key.pem'), '--trusted-root', at('root.json'), '--witness-policy', at('policy')]
  const words = ['verify', at('bundle.json'), ...trust, '--home', at('home')]
  try {
    let cpu = 0
    for (let run = 0; run <= 10; run++) {
      const { status, cpu: cost, stderr } = await measureChild(join(ROOT, 'bin/tidewaiter'), words, { cwd: ROOT })
      if (status !== 5) throw new Error(`ended with ${status}, where no artefact is given: ${stderr}`)
      cpu += run === 0 ? 0 : cost / 10
    }
    return cpu * 1000
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const world = await makeWorld()
const warm = await measureWarm(world)
printBars(`Verifying one certificate of ${world.bundle.length} bytes with log entry, witness and timestamp`, [
  { what: 'in a warm process', measured: warm, unit: 'ms', most: WARM_MS },
  { what: 'a whole process of the command line', measured: await measureProcess(world), unit: 'ms' },
])

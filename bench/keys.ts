/**
 * What keys cost, in processor time: a question to a large keyring, counting a quorum, publishing and refreshing trust.
 *
 *     node bench/keys.ts
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { attestationType, countQuorum, loadTuf, webCryptography, writeKeyring } from '../src/certificate/index.ts'
import { canonicalJson } from '../src/base/index.ts'
import { IN_TOTO_PAYLOAD, preAuthEncoding } from '../src/certificate/dsse.ts'
import { derToRaw } from '../src/certificate/ecdsa.ts'
import type { JointStatement } from '../src/certificate/keys/joint-statement.ts'
import { readKeyring, type Keyring } from '../src/certificate/keys/keyring.ts'
import { mayIssue } from '../src/certificate/keys/may-issue.ts'
import { keyringKey, makeSigner, type TestSigner } from '../src/testing/keys.ts'
import { makeTrust, serveTrust } from '../src/testing/trust.ts'
import { printBars } from './measuring/bars.ts'

const NOW = Math.floor(Date.now() / 1000) * 1000
const KEYS = 1000
const predicateType = attestationType('clearance')

/** Mean processor time of a run, in ms. */
async function measure(runs: number, work: () => unknown): Promise<number> {
  await work()
  const start = process.cpuUsage()
  for (let run = 0; run < runs; run++) await work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000 / runs
}

async function joinSigned(signers: readonly TestSigner[]): Promise<JointStatement> {
  const subject = [{ name: 'oak', digest: { sha256: 'ab'.repeat(32) } }]
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject,
    predicateType,
    predicate: { decision: 'seized' },
  }
  const payload = Buffer.from(canonicalJson(statement))
  const signed = preAuthEncoding(IN_TOTO_PAYLOAD, payload)
  const signatures = signers.map(async ({ keyId, sign }) => {
    const signature = await sign(signed)
    return { keyId, signature, rawSignature: derToRaw(signature) }
  })
  return { payload, signatures: await Promise.all(signatures) }
}

async function measureTrust(text: string): Promise<{ readonly publish: number; readonly refresh: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-keys-'))
  const undo: (() => void)[] = []
  try {
    const trust = await makeTrust(join(folder, 'repository'), NOW)
    const publish = await measure(10, () => trust.publish({ 'stations.json': text }, NOW))
    const { url } = await serveTrust({ after: (one) => void undo.push(one) }, trust.folder)
    const { refreshTrust } = await loadTuf()
    const names = ['stations.json']
    const check = (): Promise<void> => Promise.resolve()
    const refresh = await measure(10, () =>
      refreshTrust({ folder: join(folder, 'trust'), url, root: trust.root, fetch, names, check }),
    )
    return { publish, refresh }
  } finally {
    for (const one of undo) one()
    rmSync(folder, { recursive: true })
  }
}

const signers = await Promise.all(Array.from({ length: KEYS }, makeSigner))
const keyring: Keyring = {
  keys: signers.map((signer, index) => keyringKey(signer, { unit: `unit-${index}` })),
  quorums: [{ decision: 'seized', threshold: 3, roles: ['officer'] }],
}
const text = writeKeyring(keyring)
const last = signers.at(-1)?.keyId ?? ''
const joint = await joinSigned(signers.slice(0, 3))
const context = { keyring, times: new Map<string, number>(), now: NOW, cryptography: webCryptography }
const { publish, refresh } = await measureTrust(text)
printBars(`A keyring of ${KEYS} keys, ${text.length} bytes`, [
  {
    what: 'reading it',
    measured: await measure(10, () => readKeyring(Buffer.from(text), webCryptography)),
    unit: 'ms',
  },
  {
    what: 'asking it about its last key',
    measured: await measure(10_000, () => mayIssue(keyring, { keyId: last, predicateType, at: NOW, now: NOW })),
    unit: 'ms',
  },
  { what: 'counting a quorum of three', measured: await measure(200, () => countQuorum(joint, context)), unit: 'ms' },
  { what: 'publishing it', measured: publish, unit: 'ms' },
  { what: 'refreshing, with the server in the same process', measured: refresh, unit: 'ms' },
])

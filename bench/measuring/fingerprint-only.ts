/**
 * Takes one fingerprint and prints what that alone cost, as JSON: `node fingerprint-only.ts FOLDER THREADS`.
 *
 * Intake is left out, since it hashes the files for its own purpose and has a bar of its own.
 */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { readFacts } from '../../src/formats/index.ts'
import { encodeFingerprint, fingerprintModel } from '../../src/lineage/index.ts'

const [folder = '.', threads = '2'] = process.argv.slice(2)
const file = 'model.safetensors'
const digest = '0'.repeat(64)
const opened = {
  artefact: {
    id: `tw1:${digest}`,
    source: { kind: 'folder' as const, ref: folder },
    files: [{ path: file, size: statSync(join(folder, file)).size, sha256: digest }],
    size: 0,
    digests: { sha256: digest, dirHash: digest },
    problems: [],
    ignored: [],
  },
  locate: (path: string) => join(folder, path),
}
const facts = await readFacts(opened, { isolation: 'in-process' })
const before = process.cpuUsage()
const begun = performance.now()
const fingerprint = await fingerprintModel(opened, facts, { threads: Number(threads) })
const wall = (performance.now() - begun) / 1000
const { user, system } = process.cpuUsage(before)
const bytes = encodeFingerprint(fingerprint).length
console.log(JSON.stringify({ cpu: (user + system) / 1e6, wall, memory: process.resourceUsage().maxRSS * 1024, bytes }))

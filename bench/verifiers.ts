/**
 * Which tampered bundles do other verifiers accept that ours refuses? A table.
 *
 *     node bench/verifiers.ts [--all] [--guard]
 *
 * Asked are cosign 3.1.3, model_signing 1.1.1, @sigstore/verify 4.1.3, and openssl with the script of the guide, each as
 * strictly as it can be asked about key, log, time and files. Printed are the rows that somebody accepts, or all. Ends
 * with 1 when ours accepts one, or when the honest bundle is refused by anybody. Tools that are not there are left out.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { webCryptography, writeTrustedRoot } from '../src/certificate/index.ts'
import {
  askCosign,
  askModelSigning,
  askOpenssl,
  askSigstore,
  writeModel,
  type ForeignQuestion,
  type Refusal,
} from '../src/testing/foreign-verifiers.ts'
import { makeWorld, TAMPERINGS, type World } from '../src/testing/tampering/index.ts'
import { verifyBundle } from '../src/verify.ts'
import { findCosign, findModelSigning } from '../test/real/clients/tools.ts'

interface Row {
  readonly name: string
  readonly path: string
  /** Reason code of ours; null when accepted. */
  readonly ours: string | null
}

type Column = readonly [tool: string, ask: (rows: readonly Row[]) => readonly Refusal[]]

const { values } = parseArgs({ options: { all: { type: 'boolean' }, guard: { type: 'boolean' } } })

/** The honest bundle and every tampered one that needs no other settings, as files. */
async function writeRows(folder: string, world: World): Promise<readonly Row[]> {
  const rows: Row[] = []
  const add = async (name: string, bundle: string | Uint8Array): Promise<void> => {
    const path = join(folder, `${rows.length}.sigstore.json`)
    writeFileSync(path, bundle)
    rows.push({ name, path, ours: (await verifyBundle(Buffer.from(bundle), world.options)).reason })
  }
  await add('the honest bundle', world.bundle)
  for (const { name, make } of TAMPERINGS) {
    const { bundle, options } = await make(world)
    if (options === undefined) await add(name, bundle)
  }
  return rows
}

async function writeTrust(folder: string, world: World): Promise<Omit<ForeignQuestion, 'bundle'>> {
  const { signer, trustedLog, authority } = world.publisher
  const [key, trustedRoot] = [join(folder, 'key.pem'), join(folder, 'root.json')]
  writeFileSync(key, signer.publicKeyPem)
  const root = { logs: [trustedLog], timestampAuthorities: [authority] }
  writeFileSync(trustedRoot, await writeTrustedRoot(root, webCryptography))
  const model = writeModel(join(folder, 'model'), world.files)
  const { artefact, predicateType = '' } = world.options
  return { key, trustedRoot, model, digest: artefact?.sha256 ?? '', digestAlgorithm: 'sha256', predicateType }
}

function makeColumns(trust: Omit<ForeignQuestion, 'bundle'>): readonly Column[] {
  const [cosign, python] = [findCosign(), findModelSigning()]
  for (const { skip } of [cosign, python]) if (skip !== false) console.log(`left out: ${skip}`)
  const each = (ask: (question: ForeignQuestion) => Refusal) => (rows: readonly Row[]) =>
    rows.map(({ path }) => ask({ ...trust, bundle: path }))
  const paths = (rows: readonly Row[]): readonly string[] => rows.map(({ path }) => path)
  return [
    ...(cosign.skip === false ? [['cosign', each((question) => askCosign(cosign.path, question))] as const] : []),
    ...(python.skip === false
      ? [['model_signing', (rows: readonly Row[]) => askModelSigning(python.path, trust, paths(rows))] as const]
      : []),
    ['sigstore-js', each(askSigstore)],
    ['openssl', each(askOpenssl)],
  ]
}

function printTable(rows: readonly Row[], columns: readonly (readonly [string, readonly Refusal[]])[]): void {
  const accepted = (at: number): readonly boolean[] => columns.map(([, answers]) => answers[at] === undefined)
  console.log(`${'tampering'.padEnd(76)} ${'ours'.padEnd(20)} ${columns.map(([tool]) => tool.padEnd(14)).join('')}`)
  for (const [at, { name, ours }] of rows.entries()) {
    const verdicts = accepted(at)
    if (values.all !== true && at > 0 && !verdicts.includes(true)) continue
    const cells = verdicts.map((one) => (one ? 'accepts' : 'refuses').padEnd(14)).join('')
    console.log(`${name.padEnd(76)} ${(ours ?? 'accepts').padEnd(20)} ${cells}`)
  }
  const count = (answers: readonly Refusal[]): number =>
    answers.slice(1).filter((answer) => answer === undefined).length
  const wrong = columns.map(([tool, answers]) => `${tool} ${count(answers)}`).join(', ')
  const ours = rows.slice(1).filter((row) => row.ours === null).length
  console.log(`\nOf ${rows.length - 1} tampered bundles are accepted: ours ${ours}, ${wrong}.`)
  if (ours > 0 || rows[0]?.ours !== null || accepted(0).includes(false)) process.exitCode = 1
}

const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-verifiers-'))
try {
  const world = await makeWorld()
  const rows = await writeRows(folder, world)
  const columns = makeColumns(await writeTrust(folder, world))
  printTable(
    rows,
    columns.map(([tool, ask]) => [tool, ask(rows)] as const),
  )
} finally {
  rmSync(folder, { recursive: true })
}

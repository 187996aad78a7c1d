/** The run of `tidewaiter verify`: a certificate against keys, logs, time and bytes, with every check printed. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Fault, isFault, listNumbers, showUnseen, systemClock, toFault } from '../../../base/index.ts'
import type { WatchedArtefact } from '../../../artefact/index.ts'
import { nodeCryptography } from '../../../log/index.ts'
import {
  readPolicy,
  readTrustedRoot,
  VERIFICATION_EXIT_CODES,
  verifyBundle,
  type VerificationOptions,
  type VerificationReport,
} from '../../../verify.ts'
import { takeIn } from '../../clearance/open-model.ts'
import type { Context } from '../../context.ts'
import { holdModel, pathInside } from '../../manifest/at-hand.ts'
import { findBlockLists } from '../../manifest/certificate-blocks.ts'
import { findDifferences, type Difference } from '../../manifest/find-differences.ts'
import { openStatusSource } from '../../log/status-source.ts'
import { readBounded } from '../../read-bounded.ts'
import { findBounds, type KnownKeyrings } from '../../trust/known-key.ts'
import { installedTrust, type UsableTrust } from '../../trust/targets.ts'
import { callContext, wantsJson } from '../call-context.ts'
import { usageFault, type CommandCall } from '../command.ts'
import { explain, EXPLAINED, type ExplainedFiles, type ExplainedTool } from '../explain/explain.ts'
import { describeVerification } from '../verification-text.ts'

const OWN_KEY = 'signing-key.pub.pem'
const LARGEST_BUNDLE = 64 * 1024 * 1024
/** Bytes of a file that a bare signature is verified over at most, since WebCrypto wants it whole. */
const LARGEST_BLOB = 512 * 1024 * 1024

function readInput(path: string, what: string): Buffer {
  try {
    return readBounded(path, LARGEST_BUNDLE)
  } catch (cause) {
    throw new Fault('no-such-file', `${what} ${toFault(cause).message}`, { cause })
  }
}

interface KeyFile {
  readonly path: string
  readonly pem: string
}

/** The key that is named; the own one only where no keyring says whom to trust. */
function readKey(call: CommandCall, context: Context, hasKeyring: boolean): KeyFile | undefined {
  const named = call.value('key')
  const path = named ?? join(context.places.keys, OWN_KEY)
  if (named === undefined && (hasKeyring || !existsSync(path))) return undefined
  return { path, pem: readInput(path, 'the key').toString('utf8') }
}

function readTimeOption(call: CommandCall, name: string): number | undefined {
  const text = call.value(name)
  const ms = text === undefined ? undefined : Date.parse(text)
  if (Number.isNaN(ms)) throw usageFault(`--${name} is "${text}"; it takes a time such as 2026-11-23T00:00:00Z`)
  return ms
}

/** The key of the issuer, with what the keyrings and the caller say about it; where they differ, the stricter word counts. */
async function trustKey(
  call: CommandCall,
  key: KeyFile | undefined,
  known: KnownKeyrings,
): Promise<Partial<VerificationOptions>> {
  const [validFrom, compromisedFrom] = ['key-valid-from', 'key-compromised-from'].map((name) =>
    readTimeOption(call, name),
  )
  if (key === undefined) {
    if (validFrom === undefined && compromisedFrom === undefined) return {}
    throw usageFault('--key-valid-from and --key-compromised-from are about a key that is named: --key PEM')
  }
  const found = await findBounds(key.pem, known)
  const bounds = {
    ...found,
    ...(validFrom === undefined ? {} : { validFrom: Math.max(validFrom, found.validFrom ?? validFrom) }),
    ...(compromisedFrom === undefined
      ? {}
      : { compromisedFrom: Math.min(compromisedFrom, found.compromisedFrom ?? compromisedFrom) }),
  }
  return { trustedKeys: [{ publicKeyPem: key.pem, ...bounds }] }
}

/** What the trusted root holds is asked for: a bundle without a log entry, or without a timestamp, is refused. */
async function trustRoot(call: CommandCall): Promise<Partial<VerificationOptions>> {
  const path = call.value('trusted-root')
  if (path === undefined) return {}
  const { logs, timestampAuthorities } = await readTrustedRoot(readInput(path, 'the trusted root'), nodeCryptography)
  return {
    trustedLogs: logs,
    timestampAuthorities,
    requireLog: logs.length > 0,
    requireTimestamp: timestampAuthorities.length > 0,
  }
}

async function trustWitnesses(call: CommandCall): Promise<Partial<VerificationOptions>> {
  const path = call.value('witness-policy')
  if (path === undefined) return {}
  return { witnessPolicy: await readPolicy(readInput(path, 'the witness policy'), nodeCryptography) }
}

/** Paths between commas; `\\,` is a comma of a name. */
function readOnly(call: CommandCall): Partial<VerificationOptions> {
  const only = call.values('only').flatMap((value) => value.split(/(?<!\\),/))
  if (only.length === 0) return {}
  if (only.includes('')) throw usageFault('--only takes paths of files inside the model, with commas between them')
  return { only: only.map((path) => path.replaceAll('\\,', ',')) }
}

/** The file itself, for a bundle that is a bare signature over it. */
function readBlob(ref: string): Partial<VerificationOptions> {
  const found = statSync(ref, { throwIfNoEntry: false })
  return found?.isFile() === true && found.size <= LARGEST_BLOB ? { blob: readFileSync(ref) } : {}
}

async function openArtefactOf(call: CommandCall, context: Context): Promise<WatchedArtefact | undefined> {
  const ref = call.value('artefact')
  if (ref === undefined || call.has('precheck')) return undefined
  const { terminal, signal } = call
  return takeIn(ref, { context, terminal, signal, hfCache: call.has('hf-cache'), blocks: false })
}

function describeArtefact(call: CommandCall, opened: WatchedArtefact | undefined): Partial<VerificationOptions> {
  const [bundle = ''] = call.positionals
  const ref = call.value('artefact') ?? ''
  if (opened === undefined) return {}
  return { artefact: holdModel(opened, call.signal), signature: pathInside(bundle, ref), ...readBlob(ref) }
}

/** Where the model differs from what was certified, when that is the matter and the block lists are there. */
async function differencesOf(
  bundle: string,
  report: VerificationReport,
  opened: WatchedArtefact | undefined,
): Promise<readonly Difference[] | undefined> {
  if (opened === undefined || report.reason !== 'subject-mismatch') return undefined
  const listed = findBlockLists(bundle, report)
  return listed === undefined ? undefined : findDifferences(opened, listed)
}

function describeDifference({ path, what, blocks = [] }: Difference): string {
  const which = blocks.length === 0 ? '' : `, blocks of 4 MiB: ${listNumbers(blocks)}`
  return `  ${what.padEnd(14)} ${showUnseen(path)}${which}`
}

/** Where to ask whether it was withdrawn. */
function askStatus(call: CommandCall, { places }: Context, options: VerificationOptions): Partial<VerificationOptions> {
  const from = call.value('status')
  return from === undefined ? {} : { status: openStatusSource(from, places.home, options) }
}

function readTool(call: CommandCall): ExplainedTool | undefined {
  const name = call.value('explain')
  if (name === undefined) return undefined
  if (wantsJson(call)) throw usageFault('--explain is text for a shell; leave out --format json')
  return EXPLAINED.find((tool) => tool === name) ?? refuseTool(name)
}

function refuseTool(name: string): never {
  throw usageFault(`--explain is "${name}"; it takes ${EXPLAINED.join(', ')}`)
}

function explainOrSayWhyNot(tool: ExplainedTool, report: VerificationReport, files: ExplainedFiles): string {
  try {
    return explain(tool, report, files)
  } catch (thrown) {
    if (isFault(thrown, 'not-explainable')) return `# ${thrown.message}`
    throw thrown
  }
}

/** The report as comments, so that the whole output can be given to a shell. */
function toScript(tool: ExplainedTool, report: VerificationReport, files: ExplainedFiles): string {
  const comments = describeVerification(report).split('\n')
  return [...comments.map((line) => `# ${line}`.trimEnd()), '', explainOrSayWhyNot(tool, report, files)].join('\n')
}

function filesOf(
  call: CommandCall,
  key: KeyFile | undefined,
  installed: Pick<UsableTrust, 'trustedRoot'> | undefined,
): ExplainedFiles {
  const [bundle = ''] = call.positionals
  const [trustedRoot = installed?.trustedRoot, artefact] = [call.value('trusted-root'), call.value('artefact')]
  return {
    bundle,
    key: key?.path ?? 'KEY.pem',
    ...(trustedRoot === undefined ? {} : { trustedRoot }),
    ...(artefact === undefined ? {} : { artefact }),
  }
}

/** Checks what a printed code carries; a bundle beside it would leave open which of the two was asked about. */
async function checkToken(call: CommandCall, context: Context, text: string): Promise<number> {
  if (call.positionals.length > 0) throw usageFault('give a certificate or --token, not both')
  const now = systemClock.now()
  const installed = await installedTrust(context.places.home, now)
  const key = readKey(call, context, installed?.keyring !== undefined)
  const { trustedKeys = [] } = {
    ...installed?.options,
    ...(await trustKey(call, key, { keys: context.places.keys, installed: installed?.keyring, now })),
  }
  const opened = await openArtefactOf(call, context)
  const { runTokenCheck } = await import('./verify-token.ts')
  const model = opened === undefined ? {} : { dirHash: opened.artefact.digests.dirHash }
  return runTokenCheck(call, text, { trustedKeys, ...model })
}

async function checkCertificate(call: CommandCall, context: Context, path: string): Promise<number> {
  const tool = readTool(call)
  const bundle = readInput(path, 'the certificate')
  const now = systemClock.now()
  const installed = await installedTrust(context.places.home, now, bundle)
  const key = readKey(call, context, installed?.keyring !== undefined)
  const predicateType = call.value('type')
  const opened = await openArtefactOf(call, context)
  const options: VerificationOptions = {
    now,
    cryptography: nodeCryptography,
    foreign: call.has('foreign') || call.has('legacy'),
    legacy: call.has('legacy'),
    ignoreUnsigned: call.has('ignore-unsigned'),
    ...(predicateType === undefined ? {} : { predicateType }),
    requireCleared: call.has('require-cleared'),
    ...installed?.options,
    ...(await trustKey(call, key, { keys: context.places.keys, installed: installed?.keyring, now })),
    ...(await trustRoot(call)),
    ...(await trustWitnesses(call)),
    ...readOnly(call),
    ...describeArtefact(call, opened),
  }
  const report = await verifyBundle(bundle, { ...options, ...askStatus(call, context, options) })
  if (call.has('precheck') && key !== undefined && ['pass', 'partial'].includes(report.verdict)) {
    const { runPreCheck } = await import('./pre-check.ts')
    return runPreCheck(call, context, { path, bytes: bundle, publicKeyPem: key.pem, report })
  }
  const differences = await differencesOf(path, report, opened)
  if (tool !== undefined) call.terminal.print(toScript(tool, report, filesOf(call, key, installed)))
  else if (wantsJson(call)) call.terminal.print(JSON.stringify({ ...report, differences }, null, 2))
  else call.terminal.print([describeVerification(report), ...(differences ?? []).map(describeDifference)].join('\n'))
  return VERIFICATION_EXIT_CODES[report.verdict]
}

/** Runs the command; gives its exit code. */
export async function run(call: CommandCall): Promise<number> {
  const context = callContext(call)
  const token = call.value('token')
  if (token !== undefined) return checkToken(call, context, token)
  const [path] = call.positionals
  if (path === undefined) throw usageFault('verify takes BUNDLE or --token TEXT; neither given')
  return checkCertificate(call, context, path)
}

/** The run of `tidewaiter verify`: a certificate against key, time and bytes, with every check printed. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault, showUnseen, systemClock, toFault } from '../../../base/index.ts'
import {
  VERIFICATION_EXIT_CODES,
  verifyBundle,
  type VerificationOptions,
  type VerificationReport,
} from '../../../verify.ts'
import { takeIn } from '../../clearance/open-model.ts'
import type { Context } from '../../context.ts'
import { callContext, wantsJson } from '../call-context.ts'
import { usageFault, type CommandCall } from '../command.ts'

const OWN_KEY = 'signing-key.pub.pem'
const LARGEST_BUNDLE = 64 * 1024 * 1024

function readInput(path: string, what: string): Buffer {
  try {
    const bytes = readFileSync(path)
    if (bytes.length > LARGEST_BUNDLE) throw new Error(`${bytes.length} bytes; at most ${LARGEST_BUNDLE}`)
    return bytes
  } catch (cause) {
    throw new Fault('no-such-file', `${what} ${path} cannot be read: ${toFault(cause).message}`, { cause })
  }
}

function readKey(call: CommandCall, context: Context): string | undefined {
  const named = call.value('key')
  const path = named ?? join(context.places.keys, OWN_KEY)
  return named === undefined && !existsSync(path) ? undefined : readInput(path, 'the key').toString('utf8')
}

async function readOptions(call: CommandCall, context: Context): Promise<VerificationOptions> {
  const publicKeyPem = readKey(call, context)
  const from = call.value('key-valid-from')
  const keyValidFrom = from === undefined ? undefined : Date.parse(from)
  if (Number.isNaN(keyValidFrom))
    throw usageFault(`--key-valid-from is "${from}"; it takes a time such as 2026-11-23T00:00:00Z`)
  const ref = call.value('artefact')
  const { terminal, signal } = call
  const opened =
    ref === undefined
      ? undefined
      : await takeIn(ref, { context, terminal, signal, hfCache: call.has('hf-cache'), blocks: false })
  return {
    now: systemClock.now(),
    ...(publicKeyPem === undefined ? {} : { publicKeyPem }),
    ...(keyValidFrom === undefined ? {} : { keyValidFrom }),
    ...(opened === undefined ? {} : { artefact: { ...opened.artefact.digests, files: opened.artefact.files } }),
  }
}

function toText(report: VerificationReport): string {
  const lines = report.checks.map(
    ({ id, outcome, message }) => `  ${outcome.padEnd(14)} ${id.padEnd(12)} ${showUnseen(message)}`,
  )
  const clearance = report.statement?.clearance
  const says =
    clearance === undefined
      ? []
      : [
          `The certificate says: ${clearance.decision} (${clearance.channel}), number ${clearance.number}, until ${clearance.expiresOn}.`,
        ]
  const verdict =
    report.verdict === 'pass' ? 'PASS: every check holds.' : `${report.verdict.toUpperCase()}: ${report.reason ?? ''}`
  return [...lines, '', ...says, verdict].join('\n')
}

/** Runs the command; gives its exit code. */
export async function run(call: CommandCall): Promise<number> {
  const [path = ''] = call.positionals
  const context = callContext(call)
  const bundle = readInput(path, 'the certificate')
  const report = await verifyBundle(bundle, await readOptions(call, context))
  call.terminal.print(wantsJson(call) ? JSON.stringify(report, null, 2) : toText(report))
  return VERIFICATION_EXIT_CODES[report.verdict]
}

/** The run of `tidewaiter verify --token`: what a printed code carries, checked offline against keys that are at hand. */
import { showUnseen, systemClock } from '../../../base/index.ts'
import { nodeCryptography } from '../../../log/index.ts'
import {
  VERIFICATION_EXIT_CODES,
  verifyToken,
  type CheckOutcome,
  type TokenOptions,
  type TokenReport,
} from '../../../verify.ts'
import { wantsJson } from '../call-context.ts'
import type { CommandCall } from '../command.ts'

const OUTCOMES: Readonly<Record<CheckOutcome, string>> = {
  pass: 'holds',
  fail: 'FAILS',
  skipped: 'not checked',
  'not-applicable': 'does not apply',
}

const ADVICE: ReadonlyMap<string, string> = new Map([
  ['no-artefact', '\nTo go on, give the model: --artefact PATH'],
  ['key-missing', '\nTo go on, get the key from the issuer, by another way than the code: --key PEM'],
  ['status-unknown', '\nBefore anything that matters, get the certificate itself, and ask for its status.'],
])

function headline({ verdict, reason, checks }: TokenReport): string {
  if (verdict === 'pass') return 'PASS: every check holds.'
  const why = checks.find((check) => check.reason !== null && check.reason === reason)?.message ?? ''
  const advice = ADVICE.get(reason ?? '') ?? ''
  if (verdict === 'partial')
    return `PARTIAL (${reason}): what was checked holds, but not all was checked: ${showUnseen(why)}.${advice}`
  return `${verdict.toUpperCase()} (${reason}): do not rely on it: ${showUnseen(why)}.${advice}`
}

function describe(report: TokenReport): string {
  const { checks, token } = report
  const lines = checks.map(
    ({ id, outcome, message }) => `  ${OUTCOMES[outcome].padEnd(14)} ${id.padEnd(13)} ${showUnseen(message)}`,
  )
  const says =
    token === null
      ? []
      : [
          `The token says: ${token.result}, certificate ${token.number}, until ${token.expiresOn}, of a model whose dirHash begins ${token.model}.`,
        ]
  return [...lines, '', ...says, headline(report)].join('\n')
}

/** Runs the check; gives its exit code, the same as of certificates. */
export async function runTokenCheck(
  call: CommandCall,
  text: string,
  known: Pick<TokenOptions, 'trustedKeys'> & { readonly dirHash?: string },
): Promise<number> {
  const report = await verifyToken(text, { now: systemClock.now(), cryptography: nodeCryptography, ...known })
  call.terminal.print(wantsJson(call) ? JSON.stringify(report, null, 2) : describe(report))
  return VERIFICATION_EXIT_CODES[report.verdict]
}

/** The run of `tidewaiter docket revoke`: what becomes of a certificate is said on the record. */
import { Fault, formatTime, systemClock } from '../../../../base/index.ts'
import type { PredicateOf } from '../../../../certificate/index.ts'
import { loadSigner } from '../../../keys/load-signer.ts'
import { describeIssuer } from '../../../keys/own-issuer.ts'
import { rememberIssuer } from '../../../log/issuers.ts'
import { openRecord } from '../../../log/open-record.ts'
import { usageFault, type CommandCall } from '../../command.ts'
import { EXIT } from '../../exit-codes.ts'
import { withRegister } from '../log/keep.ts'
import { findCertificate, openDocket, readFound } from './find.ts'
import { printSaid, readWord, readWords, sayWith } from './say.ts'

type Revocation = PredicateOf<'revocation'>

const DONE = { revoke: 'revoked', suspend: 'suspended', reinstate: 'reinstated', supersede: 'superseded' } as const
const WORDS = ['revoke', 'suspend', 'reinstate', 'supersede'] as const satisfies readonly Revocation['action'][]
const REASONS = [
  'dangerous-finding',
  'key-compromise',
  'false-statement',
  'new-evidence',
  'procedure',
  'appeal',
  'replaced',
  'withdrawn',
  'quorum',
] as const satisfies readonly Revocation['reason'][]

function readFrom(call: CommandCall, issuedAt: string): string {
  const text = call.value('from')
  if (text === undefined) return issuedAt
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw usageFault(`--from is "${text}"; it takes a time such as 2026-11-23T00:00:00Z`)
  return formatTime(ms)
}

/** Runs the action; gives its exit code. */
export async function runRevoke(call: CommandCall): Promise<number> {
  const [what = ''] = call.positionals
  const action = readWord(call, 'action', WORDS)
  const reason = readWord(call, 'reason', REASONS)
  const words = readWords(call)
  await withRegister(call, async (register, context) => {
    const certificate = await findCertificate(register, what)
    const opened = await openDocket(context, register, certificate.modelId)
    const { predicate, subject } = readFound(opened, certificate)
    if (predicate.kind !== 'clearance' && predicate.kind !== 'mot-result')
      throw new Fault('no-such-certificate', `${certificate.leafHash} is no certificate`)
    const { content } = predicate
    const signer = call.value('signer')
    const key = await loadSigner(
      signer === undefined ? context : { ...context, settings: { ...context.settings, signer } },
    )
    if (signer === undefined) rememberIssuer(context, key.keyId)
    const record = await openRecord(context, register, key)
    const issuer = describeIssuer(context.settings, key.keyId)
    const issuedAt = formatTime(systemClock.now())
    const effectiveFrom = readFrom(call, issuedAt)
    const target = {
      leafHash: certificate.leafHash,
      number: content.number,
      ...(content.statusIndex === undefined ? {} : { statusIndex: content.statusIndex }),
    }
    const saying = {
      target,
      action,
      reason,
      effectiveFrom,
      policy: content.policy,
      assurance: 'self-attested' as const,
      ...(words === undefined ? {} : { text: words.digest }),
    }
    const { modelId, familyId } = certificate
    const revocation = { kind: 'revocation', subject, modelId, familyId, issuer, issuedAt, content: saying } as const
    const said = await sayWith({ record, register }, revocation, words)
    const from = effectiveFrom === issuedAt ? '' : ` from ${effectiveFrom}`
    printSaid(call, said, `Certificate ${content.number} is ${DONE[action]}${from}: ${reason}`)
  })
  return EXIT.done
}

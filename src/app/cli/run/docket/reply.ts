/** The run of `tidewaiter docket reply`: a party answers, under its own key. */
import { Fault, formatTime, systemClock } from '../../../../base/index.ts'
import { loadSigner } from '../../../keys/load-signer.ts'
import { openRecord } from '../../../log/open-record.ts'
import { usageFault, type CommandCall } from '../../command.ts'
import { EXIT } from '../../exit-codes.ts'
import { withRegister } from '../log/keep.ts'
import { findCertificate, openDocket, readFound, type OpenedDocket } from './find.ts'
import { printSaid, readWord, readWords, sayWith } from './say.ts'

const KINDS = ['reply', 'appeal', 'correction'] as const

/** Identity of the statement that is answered. @throws Fault `no-such-statement` */
function findTarget({ docket }: OpenedDocket, to: string | undefined, certificate: string): string {
  if (to === undefined) return certificate
  const found = docket.entries.filter(({ leaf }) => /^[0-9a-f]{8,64}$/.test(to) && leaf.entry.startsWith(to))
  const [only, another] = found
  if (only === undefined || another !== undefined)
    throw new Fault('no-such-statement', `"${to.slice(0, 80)}" names ${found.length} statements of this docket`)
  return only.leaf.entry
}

/** Runs the action; gives its exit code. */
export async function runReply(call: CommandCall): Promise<number> {
  const [what = ''] = call.positionals
  const kind = readWord(call, 'kind', KINDS)
  const [party, signer] = [call.value('party'), call.value('signer')]
  const words = readWords(call)
  if (words === undefined) throw usageFault('docket reply wants the words: --text FILE')
  if (party === undefined) throw usageFault('docket reply wants to know who replies: --party NAME')
  if (signer === undefined)
    throw usageFault('a reply is signed by the party’s own key: --signer, such as file:/media/vendor-key')
  await withRegister(call, async (register, context) => {
    const certificate = await findCertificate(register, what)
    const opened = await openDocket(context, register, certificate.modelId)
    const { subject } = readFound(opened, certificate)
    const leafHash = findTarget(opened, call.value('to'), certificate.leafHash)
    const key = await loadSigner({ ...context, settings: { ...context.settings, signer } })
    const record = await openRecord(context, register, key)
    const issuer = { keyId: key.keyId, role: 'vendor', name: party } as const
    const issuedAt = formatTime(systemClock.now())
    const content = { to: { leafHash }, party, kind, text: words.digest, assurance: 'self-attested' } as const
    const { modelId, familyId } = certificate
    const reply = { kind: 'reply', subject, modelId, familyId, issuer, issuedAt, content } as const
    const said = await sayWith({ record, register }, reply, words)
    if (key.created) call.terminal.note(`a key was made for ${party}: ${key.publicKeyPath}`)
    printSaid(call, said, `The ${kind} of ${party} is on the record, beside ${leafHash.slice(0, 16)}`)
  })
  return EXIT.done
}

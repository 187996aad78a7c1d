/** The run of `tidewaiter docket status`: the status list, computed from the log and signed. */
import { formatTime, systemClock } from '../../../../base/index.ts'
import { findSigner, loadSigner } from '../../../keys/load-signer.ts'
import { rememberIssuer, whoMaySpeak } from '../../../log/issuers.ts'
import { openOwnLog } from '../../../log/open-log.ts'
import { countStatuses, OwnStatusList, STATUS_LIST } from '../../../log/status-list.ts'
import { writeWhole } from '../../../write-whole.ts'
import { wantsJson } from '../../call-context.ts'
import type { CommandCall } from '../../command.ts'
import { EXIT } from '../../exit-codes.ts'
import { withRegister } from '../log/keep.ts'

const DAY = 24 * 60 * 60 * 1000

/** Runs the action; gives its exit code. Without `--out` the signed list itself is printed. */
export async function runStatus(call: CommandCall): Promise<number> {
  const out = call.value('out')
  await withRegister(call, async (register, context) => {
    const given = call.value('signer')
    const own = await findSigner(context)
    if (own !== undefined) rememberIssuer(context, own.keyId)
    const settings = given === undefined ? context.settings : { ...context.settings, signer: given }
    const signer = await loadSigner({ ...context, settings })
    const { log } = await openOwnLog(context, register)
    const parts = { log, signer, mayIssue: await whoMaySpeak(context), clock: systemClock }
    const { bundle, bits, size, issuedAt } = await new OwnStatusList(parts).current()
    if (out === undefined) return call.terminal.print(bundle)
    writeWhole(out, bundle)
    const { valid: _, ...counts } = countStatuses(bits)
    const [from, until] = [formatTime(issuedAt), formatTime(issuedAt + DAY)]
    const checkpoint = { origin: log.origin, size }
    const value = {
      schema: 'tidewaiter/status-made/v1',
      path: out,
      list: STATUS_LIST,
      issuedAt: from,
      validUntil: until,
      checkpoint,
      ...counts,
    }
    const said = `${out}: status list ${STATUS_LIST} of ${log.origin} at ${size} entries, good until ${until}\n  ${counts.revoked} revoked, ${counts.suspended} suspended, ${counts.superseded} superseded; all others hold`
    return call.terminal.print(wantsJson(call) ? JSON.stringify(value, null, 2) : said)
  })
  return EXIT.done
}

/** What a call names in a docket: the model, the certificate, and what is said of them. */
import { Fault, systemClock } from '../../../../base/index.ts'
import { readLogged, type Docket, type LoggedText } from '../../../../certificate/index.ts'
import type { DocketStatement, Register } from '../../../../register/index.ts'
import { parseNumber } from '../../../../verify.ts'
import type { Context } from '../../../context.ts'
import { whoMaySpeak } from '../../../log/issuers.ts'
import { openOwnLog } from '../../../log/open-log.ts'
import { readDocket } from '../../../log/read-docket.ts'

/** A number as people write it, with spaces or dashes; undefined when it is none. */
function cleanNumber(text: string): string | undefined {
  const number = text.replaceAll(/[ -]/g, '')
  return /^\d{12}$/.test(number) ? number : undefined
}

/** A certificate of the register. @throws Fault `no-such-certificate`, `certificate-number` */
export async function findCertificate(register: Register, text: string): Promise<DocketStatement> {
  const number = cleanNumber(text)
  if (number === undefined)
    throw new Fault('bad-reference', `"${text.slice(0, 100)}" is no certificate number; it has 12 digits`)
  parseNumber(number)
  const found = await register.statements.findCertificate(number)
  if (found === undefined)
    throw new Fault('no-such-certificate', `no certificate ${number} stands in a docket of this register`)
  return found
}

async function findByName(register: Register, text: string): Promise<string> {
  const { hits, next } = await register.search({ query: text, limit: 20 })
  const exact = hits.filter(({ ref }) => ref === text)
  const [only, another] = exact.length > 0 ? exact : hits
  if (only === undefined) throw new Fault('no-such-model', `the register has no model "${text.slice(0, 100)}"`)
  if (another !== undefined || next !== null)
    throw new Fault('bad-reference', `"${text.slice(0, 100)}" matches several models; name one by its identity, tw1:…`)
  return only.modelId
}

/** Identity of the model that a number, an identity or a name names. @throws Fault `no-such-model`, `bad-reference` */
export async function findModelId(register: Register, text: string): Promise<string> {
  if (/^tw1:[0-9a-f]{64}$/.test(text)) return text
  return cleanNumber(text) === undefined ? findByName(register, text) : (await findCertificate(register, text)).modelId
}

/** A docket and where it stands. */
export interface OpenedDocket {
  readonly docket: Docket
  readonly origin: string
  /** ms since 1970. */
  readonly now: number
}

/** Reads the docket of a model. @throws Fault `no-such-model` when nothing was said of it; those of the log */
export async function openDocket(context: Context, register: Register, modelId: string): Promise<OpenedDocket> {
  const { log } = await openOwnLog(context, register)
  const docket = await readDocket(log, modelId, await whoMaySpeak(context))
  if (docket === undefined) throw new Fault('no-such-model', `nothing was said of ${modelId} in ${log.origin}`)
  return { docket, origin: log.origin, now: systemClock.now() }
}

/** What a statement of a docket says. @throws Fault `statement-changed` when the register holds another text than was logged */
export function readFound({ docket }: OpenedDocket, { leafHash, bundle }: DocketStatement): LoggedText {
  const entry = docket.entries.find(({ leaf }) => leaf.entry === leafHash)
  const logged = entry === undefined ? undefined : readLogged(bundle, entry.leaf)
  if (logged === undefined)
    throw new Fault('statement-changed', `the register holds another text of ${leafHash} than the log has a digest of`)
  return logged
}

/**
 * Dockets for whoever serves them: each is read from the log, again when the log has grown.
 *
 * Words come from the register at each call, so that a text that was erased is gone at once.
 */
import { systemClock } from '../../base/index.ts'
import type { Docket, Status } from '../../certificate/index.ts'
import type { TransparencyLog } from '../../log/index.ts'
import type { Register } from '../../register/index.ts'
import type { Context } from '../context.ts'
import type { ReplyRecord } from '../web/certificate.ts'
import { showCertificates, showDocket, type DocketView, type ShownStatement } from './docket-view.ts'
import { whoMaySpeak } from './issuers.ts'
import { readDocket } from './read-docket.ts'

/** Dockets that are kept in memory at most. */
const MOST_KEPT = 1_000

interface Kept {
  readonly size: number
  readonly docket: Docket | undefined
}

/** What dockets are read from. */
export interface DeskParts {
  readonly context: Context
  readonly register: Register
  readonly log: TransparencyLog
}

function flatten(said: ShownStatement): readonly ShownStatement[] {
  return said.replies.flatMap((reply) => [reply, ...flatten(reply)])
}

function toReply({ action, name, issuer, time, text, replies }: ShownStatement): ReplyRecord {
  const outcome = replies.findLast((each) => each.action === 'outcome' && each.objections.length === 0)?.result
  return {
    kind: action === 'appeal' || action === 'correction' ? action : 'reply',
    party: name ?? `the key ${issuer.slice(0, 16)}`,
    receivedAt: time,
    text: text?.words ?? null,
    textDigest: text?.digest ?? '',
    ...(outcome === undefined || outcome === null ? {} : { outcome }),
  }
}

/** See the module. */
export class DocketDesk {
  readonly #parts: DeskParts
  readonly #kept = new Map<string, Kept>()

  constructor(parts: DeskParts) {
    this.#parts = parts
  }

  async #read(modelId: string): Promise<Docket | undefined> {
    const { context, log } = this.#parts
    const { size } = (await log.state()).published
    const known = this.#kept.get(modelId)
    if (known?.size === size) return known.docket
    const docket = await readDocket(log, modelId, await whoMaySpeak(context))
    this.#kept.delete(modelId)
    this.#kept.set(modelId, { size, docket })
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest)
    return docket
  }

  /** The docket of a model; undefined when nothing was said of it. */
  async view(modelId: string): Promise<DocketView | undefined> {
    const docket = await this.#read(modelId)
    if (docket === undefined) return undefined
    const { register, log } = this.#parts
    return showDocket(docket, { register, origin: log.origin, now: systemClock.now() })
  }

  /** A statement as it was signed, by its identity. */
  async statement(leafHash: string): Promise<string | undefined> {
    return (await this.#parts.register.statements.find(leafHash))?.bundle
  }

  /** What became of a certificate; undefined when its number stands in no docket. */
  async statusOf(number: string): Promise<Status | undefined> {
    const certificate = await this.#parts.register.statements.findCertificate(number)
    const docket = certificate === undefined ? undefined : await this.#read(certificate.modelId)
    if (docket === undefined) return undefined
    return showCertificates(docket, systemClock.now()).find((each) => each.number === number)?.status
  }

  /** What was replied to a certificate, to what it rests on, and to what was done to it. */
  async repliesTo(number: string): Promise<readonly ReplyRecord[]> {
    const certificate = await this.#parts.register.statements.findCertificate(number)
    const view = certificate === undefined ? undefined : await this.view(certificate.modelId)
    const about = view?.statements.filter((said) => said.number === null || said.number === number) ?? []
    const replies = about.flatMap((said) => (said.kind === 'reply' ? [said, ...flatten(said)] : flatten(said)))
    return replies.filter(({ action }) => action !== 'outcome').map(toReply)
  }
}

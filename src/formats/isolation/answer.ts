/**
 * Puts together what the reading process says of one file and of what lies within it.
 *
 * Facts that come while a member is open are the member's; everything else is the file's. A member that was not closed
 * when the file was is an answer that cannot be taken.
 */
import { Fault } from '../../base/index.ts'
import type { Anomaly, FileFacts, PickleProof } from '../facts.ts'
import { PieceJoiner, unreadFacts } from '../read-file.ts'
import type { Done, FactMessage, MemberStart, Message, Missing, ReadCommand } from './messages.ts'

/** Collects the facts of one file or member. */
class Gathering {
  readonly path: string
  readonly #size: number
  readonly #pieces = new PieceJoiner()
  readonly #claims: FileFacts['claims'][number][] = []
  readonly #anomalies: Anomaly[] = []
  readonly #proofs: PickleProof[] = []
  readonly #opcodes: NonNullable<FileFacts['opcodes']>['listed'][number][] = []

  constructor({ path, size }: { readonly path: string; readonly size: number }) {
    this.path = path
    this.#size = size
  }

  take(message: FactMessage): void {
    if (message.kind === 'claims') this.#claims.push(...message.items)
    else if (message.kind === 'anomalies') this.#anomalies.push(...message.items)
    else if (message.kind === 'opcodes') this.#opcodes.push(...message.items)
    else if (message.kind === 'proofs') this.#proofs.push(...message.items)
    else if (message.kind === 'discard') this.#pieces.add({ discard: true })
    else this.#pieces.add({ [message.kind]: message.items })
  }

  finish({ format, reading, reason, opcodes }: Done): FileFacts {
    return this.#pieces.join({
      path: this.path,
      size: this.#size,
      format,
      reading,
      ...(reason === undefined ? {} : { reason }),
      tensors: [],
      metadata: [],
      references: [],
      claims: this.#claims,
      anomalies: this.#anomalies,
      ...(this.#proofs.length === 0 ? {} : { proofs: this.#proofs }),
      ...(opcodes === undefined ? {} : { opcodes: { count: opcodes, listed: this.#opcodes } }),
    })
  }
}

/** Collects the messages about one file; see the module. */
export class Answer {
  readonly #command: ReadCommand
  readonly #file: Gathering
  readonly #members: FileFacts[] = []
  readonly #finish: (answered: FileFacts | Missing) => void
  #member: Gathering | undefined

  constructor(command: ReadCommand, finish: (answered: FileFacts | Missing) => void) {
    this.#command = command
    this.#file = new Gathering(command)
    this.#finish = finish
  }

  /** Takes one message. @throws Fault `bad-message` when it has no place here */
  message(message: Message): void {
    if (message.kind === 'hello') throw new Fault('bad-message', 'a greeting in the middle of a file')
    if (message.kind === 'member') this.#open(message)
    else if (message.kind === 'done') this.#close(message)
    else if (message.kind === 'missing') this.#ask(message)
    else (this.#member ?? this.#file).take(message)
  }

  #ask(missing: Missing): void {
    const { pages, size } = this.#command
    if (pages === undefined || missing.to > size) throw new Fault('bad-message', 'a wish for bytes that cannot be had')
    this.#finish(missing)
  }

  #open(start: MemberStart): void {
    if (this.#member !== undefined) throw new Fault('bad-message', 'a member that begins before another ended')
    this.#member = new Gathering(start)
  }

  #close(done: Done): void {
    if (done.member !== this.#member?.path) throw new Fault('bad-message', 'the end of something that did not begin')
    if (this.#member !== undefined) {
      this.#members.push({ ...this.#member.finish(done), container: this.#command.path })
      this.#member = undefined
      return
    }
    const facts = this.#file.finish(done)
    this.#finish(this.#members.length === 0 ? facts : { ...facts, members: this.#members })
  }

  /** The process is gone: the file is unread, whatever was said of it. */
  gone(why: Anomaly): void {
    this.#finish(unreadFacts(this.#command, 'unknown', why))
  }
}

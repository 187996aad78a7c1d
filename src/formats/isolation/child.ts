/**
 * The process that reads untrusted files: one request in, messages out, until the input ends.
 *
 * It is started with the runtime's permission flags: it may read the files that it was given open and its own program, and
 * may not write, start processes or threads, or load native code. Everything here is synchronous but the wait for
 * what a reader needs: there is nothing else to do. It ends when its parent does.
 */
import { readSync, writeSync } from 'node:fs'
import { Fault, isFault } from '../../base/index.ts'
import { Budget } from '../budget.ts'
import type { ByteSource } from '../byte-source.ts'
import type { FactPiece, FileFacts } from '../facts.ts'
import { readFromDescriptor } from '../file-source.ts'
import { checkRange } from '../memory-source.ts'
import { MissingBytes, Pending, readUntilReady } from '../pending.ts'
import { anomalyOf, readFile, unreadFacts } from '../read-file.ts'
import { READERS } from '../registry.ts'
import { encodeFrame, LONGEST_FRAME } from './frames.ts'
import { factMessages, type WireCommand } from './messages.ts'

const [INPUT, OUTPUT] = [0, 1]
const PAUSE = new Int32Array(new SharedArrayBuffer(4))

/** Runs a system call again while the pipe is busy. */
function insist(call: () => number): number {
  for (;;) {
    try {
      return call()
    } catch (thrown) {
      if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EAGAIN')) throw thrown
      Atomics.wait(PAUSE, 0, 0, 2)
    }
  }
}

function send(message: unknown): void {
  const frame = encodeFrame(message)
  for (let sent = 0; sent < frame.length;) sent += insist(() => writeSync(OUTPUT, frame, sent))
}

/** Sends items in frames that are short enough; a frame that is too long is halved. */
function sendItems(kind: string, items: readonly unknown[]): void {
  try {
    send({ kind, items })
  } catch (thrown) {
    if (!isFault(thrown, 'budget-facts') || items.length === 1) throw thrown
    sendItems(kind, items.slice(0, items.length >> 1))
    sendItems(kind, items.slice(items.length >> 1))
  }
}

function sendFacts(facts: Partial<FileFacts> & FactPiece, path: string): void {
  if (facts.discard === true) send({ kind: 'discard' })
  for (const { kind, items } of factMessages(facts, path)) {
    for (let from = 0; from < items.length; from += 1000) sendItems(kind, items.slice(from, from + 1000))
  }
}

/** A source of which only the pages are here. */
function paged(source: ByteSource, pages: NonNullable<WireCommand['pages']>): ByteSource {
  return {
    size: source.size,
    read(offset, length) {
      checkRange(source.size, offset, length)
      const to = offset + length
      const isHere = length === 0 || pages.some(([from, end]) => from <= offset && to <= end)
      if (!isHere) throw new MissingBytes(offset, to)
      return source.read(offset, length)
    },
  }
}

function readOnce({ path, fd, size, limits, pages }: WireCommand): FileFacts {
  const budget = new Budget(limits)
  const emit = (piece: FactPiece): void => sendFacts(piece, path)
  try {
    return readFromDescriptor({ fd, size, budget }, (whole) => {
      const source = pages === undefined ? whole : paged(whole, pages)
      return readFile({ path, source, budget, peek: pages !== undefined, emit }, READERS)
    })
  } catch (thrown) {
    if (thrown instanceof Pending) throw thrown
    return unreadFacts({ path, size }, 'unknown', anomalyOf(thrown))
  }
}

async function factsOf(command: WireCommand): Promise<FileFacts | MissingBytes> {
  try {
    return await readUntilReady(() => {
      try {
        return readOnce(command)
      } catch (thrown) {
        if (thrown instanceof MissingBytes) return thrown
        throw thrown
      }
    })
  } catch (thrown) {
    return unreadFacts(command, 'unknown', anomalyOf(thrown))
  }
}

/** Says all about one file or member; what cannot be said makes it unread. */
function tell(facts: FileFacts, path: string): void {
  let told = facts
  try {
    sendFacts(facts, path)
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    send({ kind: 'discard' })
    told = unreadFacts(facts, facts.format, anomalyOf(thrown))
    sendFacts(told, path)
  }
  const { format, reading, reason, opcodes } = told
  const member = facts.path === path ? undefined : facts.path
  send({ kind: 'done', member, format, reading, reason, opcodes: opcodes?.count })
}

async function answer(command: WireCommand): Promise<void> {
  const answered = await factsOf(command)
  if (answered instanceof MissingBytes) return send({ kind: 'missing', from: answered.from, to: answered.to })
  const { members = [], ...facts } = answered
  for (const member of members) {
    send({ kind: 'member', path: member.path, size: member.size })
    tell(member, command.path)
  }
  tell(facts, command.path)
}

function receive(length: number): Buffer | undefined {
  const bytes = Buffer.alloc(length)
  for (let filled = 0; filled < length;) {
    const got = insist(() => readSync(INPUT, bytes, filled, length - filled, null))
    if (got === 0) return undefined
    filled += got
  }
  return bytes
}

function nextCommand(): WireCommand | undefined {
  const length = receive(4)?.readUInt32LE(0)
  if (length === undefined) return undefined
  if (length > LONGEST_FRAME) throw new Fault('bad-frame', `a command of ${length} bytes`)
  const text = receive(length)?.toString('utf8')
  return text === undefined ? undefined : (JSON.parse(text) as WireCommand)
}

/** True when the runtime denies what a reader never needs. */
function isConfined(): boolean {
  const rights = process.permission
  return rights !== undefined && !['fs.write', 'child', 'worker', 'fs.read'].some((right) => rights.has(right))
}

send({ kind: 'hello', readers: READERS.map(({ format, version }) => ({ format, version })), confined: isConfined() })
for (let command = nextCommand(); command !== undefined; command = nextCommand()) await answer(command)

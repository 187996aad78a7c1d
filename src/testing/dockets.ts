/** Dockets for tests: leaves that continue each other, in one log. */
import { canonicalJson, formatTime, sha256 } from '../base/index.ts'
import type { Docket, DocketEntry, LoggedLeaf } from '../certificate/docket/docket.ts'
import { recordLeaf } from '../certificate/docket/objections.ts'
import type { ObservedLeaf } from '../certificate/docket/observer.ts'
import type { RegisterLeafSpec } from '../certificate/statements/types/register-leaf.ts'

/** What a leaf says; everything else is filled in. */
export type Said = Partial<RegisterLeafSpec> & { readonly kind: RegisterLeafSpec['kind'] }

/** A model by one letter. */
export const modelOf = (letter: string): string => `tw1:${sha256(letter)}`
/** A family by one letter: of the model of that letter, until something else is said. */
export const familyIdOf = (letter: string): string => `tf1:${sha256(letter)}`
/** Id of the key of a station. */
export const STATION = sha256('station')
/** Id of the key of another. */
export const OTHER_STATION = sha256('other station')
/** Id of the key of a regulator. */
export const REGULATOR = sha256('regulator')

/** Bytes of a leaf. */
export function bytesOf(spec: RegisterLeafSpec): Uint8Array {
  return Buffer.from(canonicalJson({ apiVersion: '1', kind: 'register', spec }))
}

/** Hash of a leaf, hex. */
export function hashOf(bytes: Uint8Array): string {
  return sha256(Buffer.concat([Buffer.of(0), bytes]))
}

/** Writes the leaves of dockets into one log, an hour apart. */
export class DocketWriter {
  readonly leaves: LoggedLeaf[] = []
  /** ms since 1970. */
  time = Date.parse('2026-11-01T00:00:00Z')

  /** The last leaf of a model. */
  head(letter: string): LoggedLeaf | undefined {
    return this.leaves.findLast(({ leaf }) => leaf.modelId === modelOf(letter))
  }

  /** Says something of the model of a letter; `change` overrides what would be right. */
  say(letter: string, said: Said): LoggedLeaf {
    const head = this.head(letter)
    this.time += 3_600_000
    const spec: RegisterLeafSpec = {
      statement: sha256(`statement ${this.leaves.length}`),
      entry: sha256(`entry ${this.leaves.length}`),
      modelId: modelOf(letter),
      familyId: familyIdOf(letter),
      seq: head === undefined ? 0 : head.leaf.seq + 1,
      ...(head === undefined ? {} : { prev: head.hash }),
      issuer: STATION,
      time: formatTime(this.time),
      ...said,
    }
    const logged = { index: this.leaves.length, hash: hashOf(bytesOf(spec)), leaf: spec }
    this.leaves.push(logged)
    return logged
  }

  /** Announces a test with a deadline in so many hours. */
  announce(letter: string, hours = 24, change: Partial<RegisterLeafSpec> = {}): LoggedLeaf {
    const deadline = formatTime(this.time + (hours + 1) * 3_600_000)
    return this.say(letter, { kind: 'test-intent', deadline, ...change })
  }

  /** Closes a test. */
  close(letter: string, intent: LoggedLeaf, change: Partial<RegisterLeafSpec> = {}): LoggedLeaf {
    const number = String(this.leaves.length).padStart(12, '0')
    return this.say(letter, { kind: 'mot-result', number, result: 'pass', intent: intent.leaf.entry, ...change })
  }

  /** Answers an entry. */
  reply(letter: string, to: LoggedLeaf, change: Partial<RegisterLeafSpec> = {}): LoggedLeaf {
    return this.say(letter, { kind: 'reply', target: to.leaf.entry, action: 'reply', text: sha256('text'), ...change })
  }
}

/** All dockets of a log, with what stands against their leaves. */
export function docketsOf({ leaves }: DocketWriter): readonly Docket[] {
  const dockets = new Map<string, Docket>()
  for (const logged of leaves) {
    const { modelId } = logged.leaf
    dockets.set(modelId, recordLeaf(dockets.get(modelId), logged).docket)
  }
  return [...dockets.values()]
}

/** A leaf as a monitor gets it. */
export function observedOf({ index, hash, leaf }: LoggedLeaf): ObservedLeaf {
  return { index, data: bytesOf(leaf), leafHash: Buffer.from(hash, 'hex') }
}

/** The codes of what stands against an entry. */
export function codesOf({ objections }: DocketEntry): readonly string[] {
  return objections.map(({ code }) => code)
}

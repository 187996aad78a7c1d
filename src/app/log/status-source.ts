/**
 * A status list for a verification: out of a file or from an address, and never an older one than was seen here before.
 *
 * The newest state of each log that a verified list showed is remembered, so that whoever hands over an older list to hide
 * a revocation is found out, however well that list is signed. An address that does not answer tells nothing: the
 * certificate is then not known to hold.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Fault, isFault, parseStrictJson } from '../../base/index.ts'
import { Members } from '../../certificate/index.ts'
import { ask } from '../../log/index.ts'
import { statusSource, type OpenedStatusList, type StatusSource, type VerificationOptions } from '../../verify.ts'
import { readBounded } from '../read-bounded.ts'
import { trustFolder } from '../trust/targets.ts'
import { writeWhole } from '../write-whole.ts'

/** Bytes of a signed list at most; one of 131,072 entries has some thousand. */
const LARGEST_LIST = 8 * 1024 * 1024
const MILLISECONDS = 15_000
const LARGEST_MEMORY = 1024 * 1024

type Seen = OpenedStatusList['checkpoint']

function memoryPath(home: string): string {
  return join(trustFolder(home), 'status-seen.json')
}

/** The newest states of logs that lists showed here. @throws Fault those of JSON for a file that was damaged */
function readMemory(home: string): readonly Seen[] {
  const path = memoryPath(home)
  if (!existsSync(path)) return []
  const value = parseStrictJson(readFileSync(path), { maxBytes: LARGEST_MEMORY })
  const memory = new Members(value, 'status-seen.json', { required: ['seen'] })
  return memory
    .each('seen', { required: ['origin', 'size', 'root'] })
    .map((item) => ({ origin: item.text('origin'), size: item.count('size'), root: item.text('root') }))
}

function remember(home: string, { checkpoint }: OpenedStatusList): void {
  const memory = readMemory(home)
  const before = memory.find(({ origin }) => origin === checkpoint.origin)
  if (before !== undefined && before.size >= checkpoint.size) return
  const seen = [...memory.filter((each) => each !== before), checkpoint]
  mkdirSync(dirname(memoryPath(home)), { recursive: true })
  writeWhole(memoryPath(home), `${JSON.stringify({ seen }, null, 2)}\n`)
}

/** Fetches a list. @throws Fault `status-unreachable` */
export async function fetchStatusList(url: string): Promise<Uint8Array> {
  try {
    const limits = { bytes: LARGEST_LIST, milliseconds: MILLISECONDS }
    const { status, body } = await ask((address, init) => globalThis.fetch(address, init), { url }, limits)
    if (status !== 200) throw new Fault('answer', `${url} answers ${status}`)
    return body
  } catch (thrown) {
    if (!isFault(thrown, 'answer')) throw thrown
    throw new Fault('status-unreachable', `whether it was withdrawn is not known: ${thrown.message}`, { cause: thrown })
  }
}

/** Reads what a list is called by: the file at once, the address when it is asked. @throws Fault `no-such-file` */
export function readStatusList(from: string): () => Promise<Uint8Array> {
  if (/^https?:\/\/\S+$/.test(from)) return () => fetchStatusList(from)
  const bytes = readBounded(from, LARGEST_LIST)
  return async () => bytes
}

/**
 * The source for a verification.
 *
 * @param from path or http(s) address
 * @throws Fault `no-such-file`
 */
export function openStatusSource(from: string, home: string, options: VerificationOptions): StatusSource {
  const read = readStatusList(from)
  return {
    mode: 'cached',
    open: async () => {
      const list = await statusSource(await read(), options).open()
      const last = readMemory(home).find(({ origin }) => origin === list.checkpoint.origin)
      if (last !== undefined && last.size > list.checkpoint.size)
        throw new Fault(
          'status-rollback',
          `the list is of ${list.checkpoint.size} entries of ${last.origin}; one of ${last.size} was seen here before`,
        )
      if (last !== undefined && last.size === list.checkpoint.size && last.root !== list.checkpoint.root)
        throw new Fault('status-fork', `two roots of ${last.origin} at size ${last.size}: it shows different histories`)
      remember(home, list)
      return list
    },
  }
}

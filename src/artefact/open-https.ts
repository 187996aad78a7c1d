/**
 * Opening one file at an address.
 *
 * With `#sha256=…` the bytes must be these, and a copy in the store is used without asking; without it they are
 * whatever the server sends, every time, and the artefact's digest is the only thing that is known of them.
 */
import { rmSync } from 'node:fs'
import { basename } from 'node:path'
import { Fault, sha256 } from '../base/index.ts'
import type { WatchedArtefact } from './artefact.ts'
import { ensureUsableName, printableName } from './names.ts'
import type { OpenOptions } from './open-options.ts'
import { openFile } from './open-path.ts'
import type { HttpsReference } from './reference.ts'
import { download } from './remote/download.ts'
import { withLock } from './remote/lock.ts'
import { Store } from './remote/store.ts'
import { createWire, type Credential } from './remote/wire.ts'

/** Takes a user name and password out of an address. */
export function separateCredential(address: string): {
  readonly url: string
  readonly credential: Credential | undefined
} {
  const url = new URL(address)
  const { username, password, origin } = url
  if (username === '' && password === '') return { url: url.href, credential: undefined }
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  url.username = ''
  url.password = ''
  return { url: url.href, credential: { origin, header: `Basic ${Buffer.from(pair).toString('base64')}` } }
}

/** What the file is called: the last part of the path. */
function nameOf(url: string): string {
  const name = basename(new URL(url).pathname)
  try {
    return decodeURIComponent(name) || 'download'
  } catch {
    return name
  }
}

async function fetchOne(reference: HttpsReference, options: OpenOptions, store: Store): Promise<string> {
  const { ref } = reference
  const { url, credential } = separateCredential(reference.url)
  const declared = reference.sha256 === undefined ? undefined : { sha256: reference.sha256 }
  if (declared !== undefined && store.has(declared, undefined)) return store.blob(declared)
  store.prepare(0)
  const name = printableName(nameOf(url))
  const key = sha256(JSON.stringify([url, reference.sha256 ?? '']))
  const asked = { what: ref, isHub: false, hasToken: credential !== undefined }
  const onLength = (done: number) => options.onProgress?.({ stage: 'download', path: name, done, total: done })
  const wire = createWire(options, credential)
  return withLock(`${store.part(key)}.lock`, ref, async () => {
    const stored = await download({ url, name, key, declared, asked }, { wire, store, onLength })
    return stored.path
  })
}

/**
 * Opens one file at an address.
 *
 * @throws Fault as `download`; `bad-name`, `cache-damaged`
 */
export async function openHttps(reference: HttpsReference, options: OpenOptions): Promise<WatchedArtefact> {
  ensureUsableName(nameOf(reference.url))
  const real = await fetchOne(reference, options, new Store(options.cacheFolder))
  const source = { kind: 'https', ref: reference.ref, location: reference.ref } as const
  const declared = reference.sha256 === undefined ? undefined : { sha256: reference.sha256 }
  const opened = await openFile({ name: nameOf(reference.url), real, declared, source }, options)
  if (!opened.artefact.problems.some(({ kind }) => kind === 'hub-digest')) return opened
  rmSync(real, { force: true })
  throw new Fault('cache-damaged', `the stored copy of ${reference.ref} had changed and was removed; run again`)
}

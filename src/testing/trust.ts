/** A TUF repository for tests: five root keyholders, online keys, a folder, and a server that can be made to lie. */
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { planRoot, publishRoot, publishState, signRoot, type PublishedState } from '../certificate/tuf/index.ts'
import type { Cleanable } from './folders.ts'
import { makeSigner, type TestSigner } from './keys.ts'

/** See the module. */
export interface TestTrust {
  readonly folder: string
  readonly holders: readonly TestSigner[]
  readonly targets: TestSigner
  readonly snapshot: TestSigner
  readonly timestamp: TestSigner
  /** Root 1, signed by three. */
  readonly root: Uint8Array
  /** Publishes targets at a time, or renews the timestamp alone. */
  publish(files: Readonly<Record<string, string>> | undefined, now: number): Promise<PublishedState>
}

const YEAR = 365 * 24 * 3600 * 1000

/** Has the first so many keyholders sign a root. */
export async function signBy(
  root: Uint8Array,
  holders: readonly TestSigner[],
  previous?: Uint8Array,
): Promise<Uint8Array> {
  let signed = root
  for (const holder of holders) signed = await signRoot(signed, holder, previous)
  return signed
}

/** Makes a repository in a folder. */
export async function makeTrust(folder: string, now: number): Promise<TestTrust> {
  const holders = await Promise.all(Array.from({ length: 5 }, makeSigner))
  const [targets, snapshot, timestamp] = [await makeSigner(), await makeSigner(), await makeSigner()]
  const plan = planRoot({
    root: holders.map(({ publicKeyPem }) => publicKeyPem),
    threshold: 3,
    targets: targets.publicKeyPem,
    snapshot: snapshot.publicKeyPem,
    timestamp: timestamp.publicKeyPem,
    expires: now + YEAR,
  })
  const root = await signBy(plan, holders.slice(0, 3))
  publishRoot(folder, root, now)
  const publish: TestTrust['publish'] = (files, at) => {
    const named = files && new Map(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]))
    return publishState(folder, { files: named, signers: { targets, snapshot, timestamp }, now: at })
  }
  return { folder, holders, targets, snapshot, timestamp, root, publish }
}

/** A server of a folder; `lie` may answer a path itself. */
export interface TrustServer {
  readonly url: string
  readonly asked: string[]
  lie(answer: ((path: string, response: ServerResponse) => boolean) | undefined): void
}

/** Starts a server that ends with the test. */
export async function serveTrust(context: Cleanable, folder: string): Promise<TrustServer> {
  const asked: string[] = []
  let lying: ((path: string, response: ServerResponse) => boolean) | undefined
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname)
    asked.push(path)
    if (lying?.(path, response) === true) return
    const file = join(folder, path)
    if (path.includes('..') || !existsSync(file)) response.writeHead(404).end()
    else response.writeHead(200).end(readFileSync(file))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  context.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const lie: TrustServer['lie'] = (answer) => {
    lying = answer
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, lie }
}

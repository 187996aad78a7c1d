/**
 * The part of S3 that our code uses, over HTTP: signed requests and conditional puts.
 *
 * A request whose signature does not follow from the keys is refused, and every fifth put is answered 503, as stores do.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AwsClient } from 'aws4fetch'
import type { S3Place } from '../log/store/s3.ts'
import type { Cleanable } from './folders.ts'

/** Who may ask. */
const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a secret', region: 'eu-west-2' }
const FAILING = 5

interface Stored {
  readonly bytes: Buffer
  readonly tag: string
}

interface Asked {
  readonly method: string
  readonly url: string
  readonly body: Buffer
  readonly headers: IncomingMessage['headers']
}

/** Signs the request as the client should have, and compares. */
async function isSigned({ method, url, body, headers }: Asked): Promise<boolean> {
  const client = new AwsClient({ ...KEYS, service: 's3' })
  const [, names = ''] = /SignedHeaders=([^,]+)/.exec(String(headers.authorization)) ?? []
  const signed = names.split(';').filter((name) => name !== 'host')
  const again = await client.sign(url, {
    method,
    headers: Object.fromEntries(signed.map((name) => [name, String(headers[name])])),
    body: method === 'PUT' ? body : null,
    aws: { datetime: String(headers['x-amz-date']) },
  })
  return again.headers.get('authorization') === headers.authorization
}

class Bucket {
  readonly #objects = new Map<string, Stored>()
  #puts = 0

  #put(path: string, { body, headers }: Asked): number {
    this.#puts++
    const found = this.#objects.get(path)
    if (this.#puts % FAILING === 0) return 503
    if (headers['if-none-match'] === '*' && found !== undefined) return 412
    if (headers['if-match'] !== undefined && headers['if-match'] !== found?.tag) return found === undefined ? 404 : 412
    this.#objects.set(path, { bytes: body, tag: `"${this.#puts}"` })
    return 200
  }

  answer(asked: Asked, response: ServerResponse): void {
    const path = new URL(asked.url).pathname
    const found = this.#objects.get(path)
    if (asked.method === 'PUT') response.writeHead(this.#put(path, asked)).end()
    else if (asked.method === 'DELETE') {
      this.#objects.delete(path)
      response.writeHead(204).end()
    } else if (found === undefined) response.writeHead(404).end()
    else response.writeHead(200, { etag: found.tag }).end(found.bytes)
  }
}

/** Starts a store with one empty bucket; it is closed when the test ends. */
export async function startS3(context: Cleanable): Promise<S3Place> {
  const bucket = new Bucket()
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>))
    const { method = '', headers } = request
    const asked = { method, headers, body, url: `http://${headers.host}${request.url}` }
    if (await isSigned(asked)) bucket.answer(asked, response)
    else response.writeHead(403).end()
  }
  const server = createServer((request, response) => void handle(request, response))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  context.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/bucket/logs`
  return { ...KEYS, address, fetch: globalThis.fetch }
}

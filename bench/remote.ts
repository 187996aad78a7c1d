/**
 * What a first answer about a remote model of the shape of Llama 7B costs: bytes and requests, and what it says.
 *
 * A server on this machine holds a parent, children at several cosines and a stranger, 13.5 GB each, made as they are
 * read. Asked is `compare --remote` with both sides remote. Bar: at most 4 % of the bytes of a model.
 *
 *     node bench/remote.ts [--guard]
 */
import { execFile } from 'node:child_process'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Comparison } from '../src/lineage/index.ts'
import { printBars, type Bar } from './measuring/bars.ts'
import { VirtualModel } from './measuring/virtual-model.ts'

const PROGRAM = resolve(import.meta.dirname, '../bin/tidewaiter')

const MODELS: ReadonlyMap<string, VirtualModel> = new Map([
  ['/parent.safetensors', new VirtualModel({ parent: 1, own: 2, cosine: 1 })],
  ['/child-99.safetensors', new VirtualModel({ parent: 1, own: 3, cosine: 0.99 })],
  ['/child-50.safetensors', new VirtualModel({ parent: 1, own: 4, cosine: 0.5 })],
  ['/child-10.safetensors', new VirtualModel({ parent: 1, own: 5, cosine: 0.1 })],
  ['/stranger.safetensors', new VirtualModel({ parent: 6, own: 7, cosine: 1 })],
])

function answer(request: IncomingMessage, response: ServerResponse): void {
  const model = MODELS.get(request.url ?? '')
  const [, from, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
  if (model === undefined || from === undefined || last === undefined) {
    response.writeHead(404).end()
    return
  }
  const to = Math.min(model.size, Number(last) + 1)
  const body = model.bytes(Number(from), to)
  const headers = {
    etag: `"${request.url ?? ''}"`,
    'content-length': body.length,
    'content-range': `bytes ${from}-${to - 1}/${model.size}`,
  }
  response.writeHead(206, headers).end(body)
}

async function ask(address: string, name: string): Promise<readonly Bar[]> {
  const words = ['compare', '--remote', `${address}/${name}.safetensors`, `${address}/parent.safetensors`]
  const begun = performance.now()
  const { stdout } = await promisify(execFile)(PROGRAM, [...words, '--format', 'json', '--quiet'], {
    maxBuffer: 2 ** 26,
  })
  const wall = (performance.now() - begun) / 1000
  const { verdict, log10p, firstAnswer = [], tests } = JSON.parse(stdout) as Comparison
  console.log(`${name} against parent: ${verdict}, p at most 1e${Math.ceil(log10p)}`)
  for (const { id, view, statistic } of tests.filter(({ log10p: p }) => p !== null))
    console.log(`    ${id} ${view}: ${statistic}`)
  const [side] = firstAnswer
  if (side === undefined) throw new Error('no first answer')
  return [
    { what: `${name}: bytes of 13.5 GB`, measured: (100 * side.bytes) / side.size, unit: '%', most: 4 },
    { what: `${name}: megabytes`, measured: side.bytes / 1e6, unit: 'MB' },
    { what: `${name}: requests`, measured: side.requests, unit: '', most: 300 },
    { what: `${name}: wall time, both sides and the server`, measured: wall, unit: 's', guarded: false },
  ]
}

const server = createServer(answer)
await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
try {
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const bars: Bar[] = []
  for (const name of ['child-99', 'child-50', 'child-10', 'stranger']) bars.push(...(await ask(address, name)))
  printBars('first answer', bars)
} finally {
  server.closeAllConnections()
  server.close()
}

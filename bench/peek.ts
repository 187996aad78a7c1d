/**
 * What a first look at a remote file costs: requests and bytes, for a checkpoint of torch and a safetensors file of
 * 1 GiB each, served by an HTTP server on this machine.
 *
 * Bars: at most 4 requests and 256 KB a file. `node bench/peek.ts [--mib N]`
 */
import { execFile } from 'node:child_process'
import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { writeSafetensors } from '../src/testing/safetensors.ts'
import { writeTorchZip } from '../src/testing/torch.ts'
import { printBars, type Bar } from './measuring/bars.ts'

const MIB = 1024 * 1024
const TENSORS = 64

interface Peek {
  readonly verdict: string
  readonly files: readonly { readonly seen: boolean; readonly requests: number; readonly bytes: number }[]
}

function makeTensors(mib: number) {
  const length = (mib * MIB) / TENSORS
  const bytes = new Uint8Array(length)
  return Array.from({ length: TENSORS }, (_, index) => ({
    name: `model.layers.${index}.mlp.weight`,
    type: 'F32',
    shape: [length / 4096, 1024],
    bytes,
  }))
}

/** Answers each request with the range that it asks for. */
function answer(folder: string, request: IncomingMessage, response: ServerResponse): void {
  const fd = openSync(join(folder, request.url ?? ''), 'r')
  try {
    const { size } = fstatSync(fd)
    const [, from = '0', last = String(size - 1)] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
    const to = Math.min(size, Number(last) + 1)
    const body = Buffer.alloc(to - Number(from))
    readSync(fd, body, 0, body.length, Number(from))
    const headers = {
      etag: '"bench"',
      'content-length': body.length,
      'content-range': `bytes ${from}-${to - 1}/${size}`,
    }
    response.writeHead(206, headers).end(body)
  } finally {
    closeSync(fd)
  }
}

async function measure(name: string, address: string): Promise<readonly Bar[]> {
  const program = resolve(import.meta.dirname, '../bin/tidewaiter')
  const words = ['peek', `${address}/${name}`, '--format', 'json', '--quiet']
  const { verdict, files } = JSON.parse((await promisify(execFile)(program, words)).stdout) as Peek
  const [file] = files
  if (verdict !== 'pending' || file?.seen !== true) throw new Error(`${name}: ${verdict}`)
  return [
    { what: `${name}: requests`, measured: file.requests, unit: '', most: 4 },
    { what: `${name}: fetched`, measured: file.bytes / 1024, unit: 'KiB', most: 256 },
  ]
}

const { values } = parseArgs({ options: { mib: { type: 'string', default: '1024' }, guard: { type: 'boolean' } } })
const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-bench-'))
const server = createServer((request, response) => answer(folder, request, response))
try {
  const tensors = makeTensors(Number(values.mib))
  writeFileSync(join(folder, 'checkpoint.pt'), writeTorchZip(tensors))
  writeFileSync(join(folder, 'model.safetensors'), writeSafetensors(tensors))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const bars = [...(await measure('checkpoint.pt', address)), ...(await measure('model.safetensors', address))]
  printBars(`Peek at files of ${values.mib} MiB`, bars)
} finally {
  server.close()
  rmSync(folder, { recursive: true, force: true })
}

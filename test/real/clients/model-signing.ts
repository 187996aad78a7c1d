/** model_signing as a child process that answers one request after another. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'

/** A request; see `model-signing-client.py`. */
export interface ModelSigningRequest {
  readonly do: 'sign' | 'verify'
  readonly model: string
  readonly signature: string
  /** PEM file: private to sign, public to verify. */
  readonly key: string
  readonly method?: 'shards'
  readonly shardSize?: number
  readonly hash?: 'sha256' | 'blake2' | 'blake3'
  readonly ignoreUnsigned?: boolean
  readonly symlinks?: boolean
  readonly git?: boolean
}

/** The answer. */
export interface ModelSigningAnswer {
  readonly ok: boolean
  readonly why?: string
}

/** See the module. `close` must be called. */
export class ModelSigning {
  readonly #child: ChildProcess
  readonly #lines: Interface

  /** @param python one that has `model_signing` */
  constructor(python: string) {
    const script = join(import.meta.dirname, 'model-signing-client.py')
    this.#child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'ignore'] })
    this.#lines = createInterface({ input: this.#child.stdout as NodeJS.ReadableStream })
  }

  /** Asks and waits for the answer. */
  async ask(request: ModelSigningRequest): Promise<ModelSigningAnswer> {
    const line = once(this.#lines, 'line')
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`)
    const [answer] = (await line) as [string]
    return JSON.parse(answer) as ModelSigningAnswer
  }

  /** Ends the process. */
  close(): void {
    this.#child.stdin?.end()
  }
}

/** `tidewaiter serve`: the public register over HTTP, until it is stopped. */
import type { Command } from '../command.ts'
import { HOME_OPTION, LOG_OPTIONS, REGISTER_OPTION } from '../setting-options.ts'

/** See the module. */
export const serveCommand: Command = {
  name: 'serve',
  summary: 'serve the public register and its API',
  usage: '',
  positionals: { least: 0, most: 0 },
  options: [
    { name: 'host', value: 'ADDRESS', help: 'address to listen on (default: 127.0.0.1)' },
    { name: 'port', value: 'N', help: 'port to listen on; 0 takes a free one (default: 8480)' },
    ...LOG_OPTIONS,
    HOME_OPTION,
    REGISTER_OPTION,
  ],
  description: `Pages: search, a model with its history, a certificate. API: GET /v1/models, GET /v1/certificates/{number},
POST /v1/gate/check. When the register has a log, it is published each second and served too (see log serve). While it runs, the folder of the register is in use; share a PostgreSQL to clear meanwhile.`,
  examples: ['tidewaiter serve --port 8480'],
  run: async (call) => (await import('../run/serve.ts')).run(call),
}

/** `tidewaiter sign`: a manifest of a model, signed with the key of this installation. */
import type { Command } from '../command.ts'
import { HF_CACHE_OPTION, HOME_OPTION, LOG_OPTIONS, REGISTER_OPTION } from '../setting-options.ts'

/** See the module. */
export const signCommand: Command = {
  name: 'sign',
  summary: 'sign the files of a model as an OpenSSF Model Signing manifest',
  usage: 'MODEL',
  positionals: { least: 1, most: 1 },
  options: [
    { name: 'out', value: 'FILE', help: 'where the signature goes (default: model.sig here)' },
    { name: 'shards', value: 'SIZE', help: 'sign pieces of so many bytes instead of whole files: 1000000000, 64MiB' },
    {
      name: 'incremental',
      value: 'PREVIOUS',
      help: 'an earlier signature of this key: files that did not change since are not read again',
    },
    {
      name: 'log',
      help: 'stamp the signature and enter it into the log of this installation, for everybody to see and for good',
    },
    HF_CACHE_OPTION,
    ...LOG_OPTIONS,
    HOME_OPTION,
    REGISTER_OPTION,
  ],
  description: `Signs names and SHA-256 of all files, and nothing is left out: a link or a device in the model ends it.
cosign, model_signing and @sigstore/verify accept the signature; tidewaiter verify FILE --artefact MODEL checks it. A
signature says who vouches for which bytes and nothing about them; tidewaiter clear looks at what they are. With --log the
signature carries a timestamp and the proof that it was published, and cosign takes it without an insecure flag.`,
  examples: [
    'tidewaiter sign examples/oak --out oak.sig',
    'tidewaiter sign examples/oak --out oak.sig --log',
    'tidewaiter sign examples/oak --out new.sig --incremental oak.sig',
  ],
  run: async (call) => (await import('../run/sign.ts')).run(call),
}

/** `tidewaiter verify`: a certificate against key, time and bytes, with every check printed. */
import type { Command } from '../command.ts'
import { HF_CACHE_OPTION, HOME_OPTION } from '../setting-options.ts'

/** See the module. */
export const verifyCommand: Command = {
  name: 'verify',
  summary: 'check a certificate, and the bytes that it speaks of',
  usage: 'BUNDLE',
  positionals: { least: 1, most: 1 },
  options: [
    { name: 'artefact', value: 'REF', help: 'the model whose bytes the certificate is to be checked against' },
    { name: 'key', value: 'PEM', help: 'public key of the issuer (default: the key of this installation)' },
    { name: 'key-valid-from', value: 'TIME', help: 'refuse what was issued before, RFC 3339' },
    HF_CACHE_OPTION,
    HOME_OPTION,
  ],
  description: `Prints every check. Exit code 0 only when every check holds, 1 one fails, 2 malformed, 3 stale, 4 revoked or
expired, 5 partial: without --artefact the bytes are not checked, so the answer is never more than partial.`,
  examples: ['tidewaiter verify certificate.sigstore.json --artefact examples/oak --key signing-key.pub.pem'],
  run: async (call) => (await import('../run/verify.ts')).run(call),
}

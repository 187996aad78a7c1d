/** `tidewaiter verify`: a certificate against key, time and bytes, with every check printed. */
import type { Command } from '../command.ts'
import { HF_CACHE_OPTION, HOME_OPTION } from '../setting-options.ts'

/** See the module. */
export const verifyCommand: Command = {
  name: 'verify',
  summary: 'check a certificate, and the bytes that it speaks of',
  usage: 'BUNDLE|--token TEXT',
  positionals: { least: 0, most: 1 },
  options: [
    { name: 'artefact', value: 'REF', help: 'the model whose bytes the certificate is to be checked against' },
    {
      name: 'token',
      value: 'TEXT',
      help: 'check what a printed code says, the address or the token alone, instead of a certificate',
    },
    { name: 'key', value: 'PEM', help: 'public key of the issuer (default: the key of this installation)' },
    { name: 'key-valid-from', value: 'TIME', help: 'refuse what was signed before, RFC 3339' },
    {
      name: 'key-compromised-from',
      value: 'TIME',
      help: 'refuse what is not proven to have been signed before, RFC 3339',
    },
    {
      name: 'trusted-root',
      value: 'FILE',
      help: 'logs and timestamp authorities that you trust (trusted_root.json); then both are asked for',
    },
    {
      name: 'witness-policy',
      value: 'FILE',
      help: 'witnesses of the log that you know, and how many must have signed',
    },
    {
      name: 'status',
      value: 'FILE|URL',
      help: 'signed status list, by which it may have been withdrawn; without one nobody asks',
    },
    { name: 'require-cleared', help: 'refuse what is genuine and lets no model in, such as a hold or a refusal' },
    {
      name: 'only',
      value: 'PATHS',
      multiple: true,
      help: 'compare only these files of a manifest, with commas between them; at best partial',
    },
    { name: 'type', value: 'TYPE', help: 'refuse statements of any other predicate type' },
    {
      name: 'precheck',
      help: 'compare with what the hub of --artefact hf:… lists, and download nothing: at best partial',
    },
    { name: 'ignore-unsigned', help: 'pass over files that a manifest does not list: then partial at best' },
    { name: 'foreign', help: 'take also what others sign: cosign’s old statements, P-384, P-521, old bundles' },
    { name: 'legacy', help: 'take also bundles of model_signing 0.2, which prove less' },
    {
      name: 'explain',
      value: 'cosign|model_signing|openssl',
      help: 'print also how to ask another tool the same, ready to paste',
    },
    HF_CACHE_OPTION,
    HOME_OPTION,
  ],
  description: `Prints every check. Exit code 0 only when every check holds, 1 one fails, 2 malformed, 3 stale, 4 revoked or
expired, 5 partial: without --artefact the bytes are not checked, so the answer is never more than partial.
Get the key and the trusted root from the issuer by another way than the certificate.`,
  examples: [
    'tidewaiter verify certificate.sigstore.json --artefact examples/oak --key signing-key.pub.pem',
    'tidewaiter verify certificate.sigstore.json --artefact examples/oak --key signing-key.pub.pem --trusted-root trusted_root.json --explain openssl',
    'tidewaiter verify --token https://register.example/c/260000000012#AT… --key signing-key.pub.pem',
  ],
  run: async (call) => (await import('../run/verify.ts')).run(call),
}

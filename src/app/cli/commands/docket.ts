/** `tidewaiter docket`: what was said of a model, and saying more of it. */
import { type Command } from '../command.ts'
import { HOME_OPTION, LOG_OPTIONS, REGISTER_OPTION } from '../setting-options.ts'

/** See the module. */
export const docketCommand: Command = {
  name: 'docket',
  summary: 'show all that was said of a model; withdraw a certificate, reply, sign the status list',
  usage: 'ACTION …',
  positionals: { least: 1, most: 2 },
  options: [
    { name: 'action', value: 'WORD', help: 'revoke, suspend, reinstate or supersede' },
    { name: 'reason', value: 'WORD', help: 'why, from the closed list below' },
    { name: 'text', value: 'FILE', help: 'the words, at most 64 KiB of UTF-8; the log gets a salted digest of them' },
    { name: 'from', value: 'TIME', help: 'from when it acts, RFC 3339 (default: now); only revoke may reach back' },
    { name: 'kind', value: 'WORD', help: 'reply, appeal or correction' },
    { name: 'party', value: 'NAME', help: 'who replies, by role or pseudonym' },
    { name: 'to', value: 'ENTRY', help: 'reply to this statement of the docket (default: the certificate)' },
    { name: 'signer', value: 'URI', help: 'key that signs: the party’s for a reply (default: the own one)' },
    { name: 'out', value: 'FILE', help: 'where the signed status list is written' },
    ...LOG_OPTIONS,
    HOME_OPTION,
    REGISTER_OPTION,
  ],
  description: `Actions:
  show NUMBER|MODEL    everything that was ever said, in order, replies beside what they answer; what became of each
                       certificate; tests that are open or were abandoned. MODEL is its identity (tw1:…) or name
  revoke NUMBER        withdraw a certificate, for a time or for good: --action, --reason, --text, --from
  reply NUMBER         answer a certificate, or any statement of its docket by --to: --kind, --text, --party, --signer.
                       Replies are taken without a look at their merit, and shown beside what they answer
  erase DIGEST         erase a text for good; the log keeps its salted digest, which tells nothing of the words
  status               sign the status list anew from the log, good for 24 hours: --out

Reasons: dangerous-finding, key-compromise, false-statement, new-evidence, procedure, appeal, replaced, withdrawn, quorum.
What was revoked stays revoked; a suspension is ended by --action reinstate.`,
  examples: [
    'tidewaiter docket show 260000000012',
    'tidewaiter docket revoke 260000000012 --action suspend --reason new-evidence --text why.txt',
    'tidewaiter docket reply 260000000012 --kind appeal --text appeal.txt --party vendor --signer file:/media/vendor-key',
    'tidewaiter docket status --out status-1.json',
  ],
  run: async (call) => (await import('../run/docket/index.ts')).run(call),
}

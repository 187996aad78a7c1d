/** `tidewaiter log`: keeps a transparency log, and watches those of others. */
import { type Command } from '../command.ts'
import { HOME_OPTION, LOG_OPTIONS, REGISTER_OPTION } from '../setting-options.ts'

/** See the module. */
export const logCommand: Command = {
  name: 'log',
  summary: 'keep a public log that nobody can rewrite, or watch those of others',
  usage: 'ACTION …',
  positionals: { least: 1, most: 1_000 },
  options: [
    { name: 'origin', value: 'HOST', help: 'which log, when the register has several (default: the newest)' },
    { name: 'host', value: 'ADDRESS', help: 'address to listen on (default: 127.0.0.1)' },
    { name: 'port', value: 'N', help: 'port to listen on; 0 takes a free one (default: 8480)' },
    { name: 'name', value: 'NAME', help: 'name under which this witness signs' },
    { name: 'log', value: 'VKEY', multiple: true, help: 'public key of a log to watch (repeatable)' },
    { name: 'state', value: 'FILE', help: 'what a monitor remembers (default: it begins with the first entry)' },
    { name: 'status', value: 'URL', help: 'status list that a monitor holds against the log' },
    { name: 'key', value: 'PEM', multiple: true, help: 'public key that may speak in dockets and sign that list' },
    { name: 'once', help: 'let a monitor end when it has read all entries' },
    ...LOG_OPTIONS,
    HOME_OPTION,
    REGISTER_OPTION,
  ],
  description: `Actions:
  init HOST        make a log and its keys, Ed25519 and ML-DSA-44, and those of a timestamp authority; HOST is the name
                   of the log for ever: 2026.log.example
  status           how far it is, and the keys by which others know it
  append FILE…     append files as entries, at most 65,535 bytes each, and publish them
  check            compute every tile and the root anew from the entries
  serve            publish each second; serve tiles, the write API that cosign calls, and timestamps
  monitor URL      read every entry of a log, follow every docket, and say what is wrong: --log-policy, --state, --status,
                   --key, --once
  trust [URL]      print what others need to trust log and timestamps (trusted_root.json); URL is where the log is served
  witness          cosign checkpoints of the logs that are named: --name, --log

The last checkpoint that was signed is kept beside the keys, in HOST.checkpoint.sqlite. Leave that file out of backups of
the register: by it the log refuses to sign when the register is older than what was published.

A monitor ends with 30 when there was an alarm; each is printed with the signed notes that show it.`,
  examples: [
    'tidewaiter log init 2026.log.example',
    'tidewaiter log serve --port 8480',
    'tidewaiter log monitor https://2026.log.example --log-policy policy.txt --state seen.json',
    'tidewaiter log trust https://2026.log.example > trusted_root.json',
    'tidewaiter log witness --name witness.example --log 2026.log.example+1a2b3c4d+AX…',
  ],
  run: async (call) => (await import('../run/log/index.ts')).run(call),
}

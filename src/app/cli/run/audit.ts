/** The run of `tidewaiter audit --again`: what the rules of today say of models that came in before. */
import { audit, compareAudits, isWorse, type AuditChange } from '../../../audit/index.ts'
import { showUnseen, countOf } from '../../../base/index.ts'
import { loadReaders } from '../../../formats/index.ts'
import { openRegister, type EvidenceRecord } from '../../../register/index.ts'
import { callContext, wantsJson } from '../call-context.ts'
import { usageFault, type CommandCall } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

/** One model, audited again. */
interface Again extends AuditChange {
  readonly artefact: { readonly id: string; readonly ref: string; readonly certificate: string }
}

const SHOWN = 5

function auditAgain(record: EvidenceRecord, readers: Parameters<typeof compareAudits>[2]): Again {
  const { modelId, ref, number, facts, dossier } = record
  const change = compareAudits(dossier.audit, audit(dossier.artefact, facts, dossier.audit.options), readers)
  return { artefact: { id: modelId, ref, certificate: number }, ...change }
}

function isChanged({ verdict, added, gone }: AuditChange): boolean {
  return verdict.before !== verdict.now || added.length > 0 || gone.length > 0
}

function showFindings(title: string, findings: AuditChange['added']): readonly string[] {
  const shown = findings.slice(0, SHOWN).map((finding) => {
    const { rule, grade, path, message } = finding
    return `     ${title} ${rule} (${grade}) ${showUnseen(path)}: ${showUnseen(message)}`
  })
  return findings.length > SHOWN ? [...shown, `     ${title} ${findings.length - SHOWN} more`] : shown
}

function showModel({ artefact, verdict, added, gone, staleReaders }: Again): readonly string[] {
  const stale =
    staleReaders.length === 0 ? [] : [`     read by earlier readers of ${staleReaders.join(', ')}; open it again`]
  const words = verdict.before === verdict.now ? verdict.now : `${verdict.before} → ${verdict.now}`
  return [
    `${artefact.certificate}  ${words.padEnd(24)} ${showUnseen(artefact.ref)}  ${artefact.id}`,
    ...showFindings('new:', added),
    ...showFindings('gone:', gone),
    ...stale,
  ]
}

function toText(models: readonly Again[], audited: number): string {
  const changed = models.filter(isChanged).length
  const worse = models.filter(({ verdict }) => isWorse(verdict)).length
  const end = `${countOf(audited, 'model')} audited again, ${changed} changed, ${worse} worse than before`
  return [...models.flatMap(showModel), end].join('\n')
}

/** Runs the command; gives its exit code. */
export async function run(call: CommandCall): Promise<number> {
  if (!call.has('again')) throw usageFault('audit needs --again; `tidewaiter inspect REF` audits files')
  const { terminal, signal } = call
  const wanted = new Set(call.positionals)
  const readers = (await loadReaders()).map(({ format, version }) => ({ format, version }))
  const register = await openRegister(callContext(call).register)
  const stage = terminal.stage('audit')
  const models: Again[] = []
  let audited = 0
  try {
    for await (const record of register.evidence()) {
      signal.throwIfAborted()
      if (call.positionals.length > 0 && !wanted.delete(record.modelId)) continue
      const again = auditAgain(record, readers)
      if (call.has('all') || isChanged(again)) models.push(again)
      stage.update(`${++audited} models`)
    }
  } finally {
    await register.close()
  }
  const [missing] = wanted
  if (missing !== undefined) throw usageFault(`${missing} is no model of the register; identities begin with tw1:`)
  stage.done(countOf(audited, 'model'))
  terminal.print(
    wantsJson(call)
      ? JSON.stringify({ schema: 'tidewaiter/reaudit/v1', audited, models }, null, 2)
      : toText(models, audited),
  )
  return models.some(({ verdict }) => isWorse(verdict)) ? EXIT.held : EXIT.done
}

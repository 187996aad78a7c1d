/**
 * Traces of persons in what nobody reads: the home folders in paths of a pickle or a graph, addresses of electronic mail in
 * the metadata of weights.
 *
 * Cards, licences and sources name their authors on purpose; they are left out. So are accounts that stand for nobody:
 * those of containers, of hosted notebooks, of examples.
 */
import type { FileFacts } from '../../formats/index.ts'
import type { Observation, Subject } from '../rule.ts'
import { quote } from '../wording.ts'

const HOME = /(?:\/home\/|\/Users\/|\b[A-Za-z]:\\{1,2}Users\\{1,2})([A-Za-z][\w.-]{1,31})(?=[\\/]|$)/g
const MAIL = /(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,4}\.[a-z]{2,10}\b/g
const NOBODY: ReadonlySet<string> = new Set(
  `user users ubuntu root runner jovyan ec2-user admin administrator app docker work me name username shared public
  default sagemaker-user azureuser vscode colab data anaconda test tester dev developer guest jenkins circleci travis
  builder build conda mambauser hadoop spark debian centos opc pi git you your_name yourname someone foo bar alice bob
  worker service ray nobody model models workspace`.split(/\s+/),
)
const NO_MAIL =
  /@(?:[\w-]+\.)*(?:example\.(?:com|org|net)|localhost)$|^(?:noreply|no-reply|git|info|contact|support)@|\.(?:png|jpg|py|so|json|h5)$/i
/** Formats in which authors say who they are. */
const SPEAKING: ReadonlySet<string> = new Set(['hf-card', 'text', 'python', 'notebook', 'hf-tokenizer'])

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.flatMap(textsOf) : []
}

interface Passage {
  readonly locus: string
  readonly text: string
}

function passagesIn({ metadata, references, opcodes }: FileFacts): readonly Passage[] {
  return [
    ...metadata.flatMap(({ key, value }) => textsOf(value).map((text) => ({ locus: key, text }))),
    ...references.map(({ locus, target }) => ({ locus, text: target })),
    ...(opcodes?.listed ?? []).map(({ offset, argument = '' }) => ({ locus: `opcode at ${offset}`, text: argument })),
  ]
}

function personsIn(text: string): readonly string[] {
  const homes = [...text.matchAll(HOME)].filter(([, name = '']) => !NOBODY.has(name.toLowerCase()))
  const mails = [...text.matchAll(MAIL)].filter(([mail]) => !NO_MAIL.test(mail))
  return [
    ...homes.map(([, name]) => `a home folder of ${quote(name ?? '')}`),
    ...mails.map(([mail]) => `the address ${quote(mail)}`),
  ]
}

/** Each trace once for each file. */
export function observePersons({ facts }: Subject): readonly Observation[] {
  return facts.files
    .filter(({ format }) => !SPEAKING.has(format))
    .flatMap((file) => {
      const seen = new Set<string>()
      return passagesIn(file).flatMap(({ locus, text }) =>
        personsIn(text)
          .filter((trace) => !seen.has(trace) && seen.add(trace))
          .map((trace) => ({ path: file.path, locus, message: `the text holds ${trace}` })),
      )
    })
}

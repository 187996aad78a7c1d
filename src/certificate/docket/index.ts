/** Dockets: what was said of each model, folded from leaves and followed by a monitor; see each module. */
export { headOf, familyOf, listTests } from './docket.ts'
export type { Docket, DocketEntry, DocketTest, LoggedLeaf } from './docket.ts'
export { admitLeaf, recordLeaf, type DocketContext } from './objections.ts'
export { DocketObserver, isRegisterLeaf } from './observer.ts'
export { isTextOf, saltText } from './pseudonym.ts'
export { readLogged, type LoggedText } from './read-logged.ts'
export { buildRegisterLeaf, chainOf, readRegisterLeaf } from './register-leaf.ts'
export { answerEntries, type AnsweredEntry } from './replies.ts'

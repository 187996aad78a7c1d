/**
 * What a monitor finds wrong: a value that names the kind and carries the signed notes that show it.
 *
 * Two notes of one log with one size and two roots are proof for everybody: the log signed both.
 */
import { isFault } from '../../base/index.ts'

/**
 * - `split-view`: two signed checkpoints that cannot both be of one log
 * - `rollback`: the log shows a smaller checkpoint than before
 * - `withheld`: a witness cosigned more than the log shows
 * - `checkpoint`: no readable checkpoint that the log signed
 * - `quorum`: too few witnesses cosigned
 * - `leaf-mismatch`: an entry is not the leaf that the tree holds
 * - `tiles`: the hashes that the log serves do not lead to the root that it signed
 * - `missing`: the log does not serve what its checkpoint promises, or in a form that cannot be read
 * - `unreachable`: no answer; tells nothing about the log
 * - `witness`: a witness shows what no log signed
 * - `status`: the status list that is served is not what the log says
 * - `observer`: an observer refuses what was entered
 */
export type AlarmCode =
  | 'split-view'
  | 'rollback'
  | 'withheld'
  | 'checkpoint'
  | 'quorum'
  | 'leaf-mismatch'
  | 'tiles'
  | 'missing'
  | 'unreachable'
  | 'witness'
  | 'status'
  | 'observer'

/** See the module. */
export interface Alarm {
  readonly code: AlarmCode
  readonly message: string
  /** The signed notes that show it, the earlier or smaller first. */
  readonly notes: readonly string[]
  /** Leaf that it is about. */
  readonly index?: number
  /** Witness or observer that it is about. */
  readonly who?: string
}

/** Thrown inside the monitor, and caught there, to end a check with an alarm. */
export class AlarmRaised extends Error {
  readonly alarm: Alarm

  constructor(alarm: Alarm) {
    super(alarm.message)
    this.alarm = alarm
  }
}

/** Ends the check. */
export function raise(alarm: Alarm): never {
  throw new AlarmRaised(alarm)
}

/** The alarm in what was thrown; faults of reading count as `missing`, those of the network as `unreachable`. */
export function toAlarm(thrown: unknown, notes: readonly string[]): Alarm {
  if (thrown instanceof AlarmRaised) return thrown.alarm
  if (!isFault(thrown)) throw thrown
  return { code: thrown.code === 'answer' ? 'unreachable' : 'missing', message: thrown.message, notes }
}

/**
 * Where the links of a group may lead, judged by their words alone.
 *
 * A soft link names a path inside the file and an external link one in another file; what is noted here is every link
 * whose reader would open something that is not this file.
 */
import { quoteName } from '../names.ts'
import type { Hdf5File } from './file.ts'
import type { Link } from './links.ts'

/** Climbs out, or is a path of an operating system rather than of HDF5. */
const OUTSIDE = /(^|[/\\])\.\.([/\\]|$)|^[a-z]:[\\/]|^\\\\|^[a-z][a-z0-9+.-]*:\/\//i

/** Notes what is wrong with where a link leads, and adds it to the references. */
export function checkTarget(file: Hdf5File, { to }: Link): void {
  const { locus } = file
  if (to.kind === 'external') {
    file.facts.reference({ kind: 'path', target: to.file.toWellFormed(), locus })
    file.note('h5-external-link', `leads to ${quoteName(to.path)} of the file ${quoteName(to.file)}`)
  } else if (to.kind === 'soft' && OUTSIDE.test(to.path)) {
    file.facts.reference({ kind: 'path', target: to.path.toWellFormed(), locus })
    file.note('h5-soft-link', `leads to ${quoteName(to.path)}`)
  } else if (to.kind === 'other') file.note('h5-link-class', `is of the user-defined class ${to.type}`)
}

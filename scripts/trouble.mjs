/** A failure the user can do something about: its message is one clear sentence that says what to do. Printed without a stack. */
export class Trouble extends Error {
  /** @override */
  name = 'Trouble'
}

/**
 * The `code` of a system error ('EACCES'), else ''.
 * @param {unknown} error
 */
export function codeOf(error) {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/**
 * Turns a failed write below `folder` into a sentence; any other error comes back unchanged.
 * @param {unknown} error
 * @param {string} folder
 * @param {string} remedy what to do when the folder cannot be written
 * @returns {unknown}
 */
export function explainWrite(error, folder, remedy) {
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new Trouble(`The folder ${folder} cannot be written by this user; ${remedy}.`)
    case 'ENOENT':
      // Of a file or a program that is missing it says something else.
      if (!(error instanceof Error && 'syscall' in error && error.syscall === 'mkdir')) return error
      return new Trouble(`The folder ${folder} cannot be made in that place; ${remedy}.`)
    case 'ENOSPC':
    case 'EDQUOT':
      return new Trouble(`The disk that holds ${folder} is full; free some space and start again.`)
    case 'ENOTDIR':
    case 'EEXIST':
      return new Trouble(`${folder} cannot be a folder because a file stands in its way; ${remedy}.`)
    default:
      return error
  }
}

/**
 * Prints what went wrong: one sentence for a Trouble, everything for a fault of ours.
 * @param {unknown} error
 */
export function printTrouble(error) {
  if (error instanceof Trouble) process.stderr.write(`\n${error.message}\n`)
  else process.stderr.write(`\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
}

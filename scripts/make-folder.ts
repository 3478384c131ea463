import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { codeOf } from './trouble.mjs'

/**
 * Makes a folder and those above it, one by one. Not `mkdirSync` with `recursive`: where the system answers "no such
 * folder" although the parent is there, as below /proc, that one tries for ever at full CPU (Node 20 to 24).
 * Throws the system's error.
 */
export function makeFolder(folder: string): void {
  if (isFolder(folder)) return
  const parent = dirname(folder)
  if (parent !== folder) makeFolder(parent)
  try {
    mkdirSync(folder)
  } catch (error) {
    // Another start may have made it in this moment.
    if (codeOf(error) !== 'EEXIST' || !isFolder(folder)) throw error
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

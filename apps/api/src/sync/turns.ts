/** At most `most` pieces of work at a time; the others wait for their turn, first come, first served. */
export function createTurns(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = most
  const waiting: (() => void)[] = []
  return async (work) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      // A turn that is handed on is never free in between, so nobody overtakes.
      if (next === undefined) free += 1
      else next()
    }
  }
}

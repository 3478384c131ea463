/**
 * Runs jobs with at most `concurrency` in flight and hands their results out in the order of the queue. The consumer may
 * push further jobs while it iterates. The first failure ends it; so does leaving the loop (in-flight calls are the
 * caller's to abort). A slow consumer stops new jobs: that is what keeps memory flat.
 */
export async function* pump<Job, Result>(
  jobs: Job[],
  concurrency: number,
  run: (job: Job) => Promise<Result>,
): AsyncGenerator<{ job: Job; result: Result }> {
  const inFlight: { job: Job; result: Promise<Result> }[] = []
  let next = 0
  const fill = () => {
    while (inFlight.length < concurrency && next < jobs.length) {
      const job = jobs[next] as Job // next < length
      next += 1
      const result = run(job)
      // A result that nobody waits for any more must not end the process.
      result.catch(() => {})
      inFlight.push({ job, result })
    }
    // The done part is dropped now and then: a queue of a million jobs must not live to the end.
    if (next > 1024 && next * 2 > jobs.length) next -= jobs.splice(0, next).length
  }
  for (;;) {
    fill()
    const head = inFlight.shift()
    if (head === undefined) return
    const result = await head.result
    fill()
    yield { job: head.job, result }
  }
}

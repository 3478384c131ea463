import { PROBLEM_CODES, Problem } from '@msp-console/contract'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { findAllowed } from './errors.ts'
import { presentProblem, ProblemError, statusOf, toPointers, toProblemError } from './problem.ts'
import { listCustomers, putSetup } from '@msp-console/contract'

describe('problems', () => {
  test.each(PROBLEM_CODES)('%s has a status and a title', (code) => {
    const problem = presentProblem(new ProblemError(code, 'detail'), 'id')
    expect(Problem.parse(problem)).toEqual(problem)
    expect(statusOf(code)).toBeGreaterThanOrEqual(400)
  })

  test.each([
    [{ code: '57014' }, 'timeout'],
    [{ code: '55P03' }, 'timeout'],
    [{ code: '40P01' }, 'conflict'],
    [{ code: 'ECONNREFUSED' }, 'not-ready'],
    [{ code: 'FST_ERR_CTP_INVALID_CONTENT_LENGTH' }, 'malformed-body'],
    [new Error('password=hunter2'), 'internal'],
    ['a thrown string', 'internal'],
    [null, 'internal'],
  ])('%o becomes %s and tells nothing of itself', (thrown, code) => {
    const problem = toProblemError(thrown)
    expect(problem.code).toBe(code)
    expect(JSON.stringify(presentProblem(problem, 'id'))).not.toContain('hunter2')
  })

  test('point at the value, also at one that is unknown', () => {
    const { error } = z.strictObject({ ids: z.array(z.int()) }).safeParse({ ids: [1, 'x'], 'a/b': 1 })
    expect(error && toPointers('body', error).map(({ pointer }) => pointer)).toEqual(['/body/ids/1', '/body/a~1b'])
  })

  test('another method at a known path is found', () => {
    expect(findAllowed([listCustomers, putSetup], '/api/v1/customers/12/setup')).toBe('PUT')
    expect(findAllowed([listCustomers, putSetup], '/api/v1/customers/12/setup/more')).toBeUndefined()
  })
})

import type { FastifyRequest } from 'fastify'
import { expect, test } from 'vitest'
import { refusePlainHttp } from './plain-http.ts'

const refusal = (host: string | undefined, publicUrl?: string): string => {
  try {
    refusePlainHttp({ headers: { host } } as FastifyRequest, publicUrl) // all it reads
    return ''
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
}

test.each(['localhost', 'localhost:3000', 'app.localhost', '127.0.0.1:3000', '127.8.9.1', '[::1]:3000', 'LOCALHOST'])(
  'plain http as %s is this machine',
  (host) => {
    expect(refusal(host)).toBe('')
    expect(refusal(host, 'http://localhost:3000')).toBe('')
  },
)

test.each([
  'console.example',
  '192.168.1.5:3000',
  '0.0.0.0',
  '[::]',
  '[fe80::1]',
  'localhost.example',
  '127.0.0.1.example',
  'example/localhost',
  'user@example',
  '',
  undefined,
])('plain http as %s is refused with what to do', (host) => {
  expect(refusal(host)).toContain('PUBLIC_URL=https://')
  expect(refusal(host, 'http://localhost:3000')).toContain('TLS')
  expect(refusal(host, 'https://console.example')).toBe('')
})

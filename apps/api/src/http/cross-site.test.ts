import type { FastifyRequest } from 'fastify'
import { expect, test } from 'vitest'
import { refuseCrossSite } from './cross-site.ts'

const PUBLIC = 'https://console.example'

function isRefused(method: string, headers: Record<string, string>): boolean {
  try {
    refuseCrossSite({ method, headers: { host: 'localhost:3000', ...headers } } as unknown as FastifyRequest, PUBLIC) // all it reads
    return false
  } catch {
    return true
  }
}

test.each([
  [false, {}],
  [false, { 'sec-fetch-site': 'same-origin' }],
  [false, { 'sec-fetch-site': 'none' }],
  [true, { 'sec-fetch-site': 'same-site' }],
  [true, { 'sec-fetch-site': 'cross-site' }],
  [true, { 'sec-fetch-site': 'cross-site', origin: PUBLIC }],
  [true, { 'sec-fetch-site': '' }],
  [false, { origin: 'http://localhost:3000' }],
  [false, { origin: PUBLIC }],
  [true, { origin: 'http://localhost:3001' }],
  [true, { origin: 'null' }],
  [true, { origin: 'https://console.example.evil' }],
  [true, { origin: 'http://localhost:3000.evil' }],
])('refused: %s for %o', (refused, headers) => {
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) expect(isRefused(method, headers)).toBe(refused)
  for (const method of ['GET', 'HEAD', 'OPTIONS']) expect(isRefused(method, headers)).toBe(false)
})

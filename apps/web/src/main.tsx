import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router/dom'
import './mantine.css'
import './tokens.css'
import './base.css'
import { createQueryClient } from './api/client.ts'
import { startI18n } from './i18n/i18n.ts'
import { createRouter } from './router.tsx'
import { cssVariables, theme } from './theme.ts'

// Composition root of the console: words, cache, router, theme. Everything else is a room that knows none of the others.

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''
// Mantine's dialogs lock scrolling with a style sheet of their own, which looks for its nonce here.
Object.assign(globalThis, { __webpack_nonce__: nonce })

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')

await startI18n()
const client = createQueryClient()
const router = createRouter(client)

createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
      <Notifications position="bottom-right" limit={4} containerWidth={420} />
    </MantineProvider>
  </StrictMode>,
)

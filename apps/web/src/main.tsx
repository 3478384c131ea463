import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { lazy, StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router/dom'
import './mantine.css'
import './tokens.css'
import './base.css'
import { createQueryClient } from './api/client.ts'
import { startI18n } from './i18n/i18n.ts'
import { createRouter } from './router.tsx'
import { ConfirmationProvider } from './session/confirm.tsx'
import { cssVariables, theme } from './theme.ts'

// Composition root of the console: words, cache, router, theme. Everything else is a room that knows none of the others.

// Nothing is announced before the first screen is there.
const Messages = lazy(async () => ({ default: (await import('./ui/messages.tsx')).Messages }))

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
        <ConfirmationProvider>
          <RouterProvider router={router} />
        </ConfirmationProvider>
      </QueryClientProvider>
      <Suspense>
        <Messages />
      </Suspense>
    </MantineProvider>
  </StrictMode>,
)

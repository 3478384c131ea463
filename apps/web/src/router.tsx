import { getSession } from '@msp-console/contract'
import type { QueryClient } from '@tanstack/react-query'
import type { ComponentType } from 'react'
import { createBrowserRouter, redirect, type LoaderFunctionArgs } from 'react-router'
import { useLive } from './api/live.ts'
import {
  accountsQuery,
  childrenQuery,
  customersQuery,
  groupEventsQuery,
  groupQuery,
  overviewQuery,
  runChangesQuery,
  runQuery,
  runsQuery,
  sessionQuery,
} from './api/queries.ts'
import { setsQuery, userQuery, usersQuery } from './api/user-queries.ts'
import { fromSearch } from './customers/filter-url.ts'
import { paths, toSafeNext } from './paths.ts'
import { Blank } from './shell/blank.tsx'
import { NotFound } from './shell/not-found.tsx'
import { RouteError } from './shell/route-error.tsx'

// Addresses → screens. Here and only here features meet: the tree beside the group's page, prefetching for each screen,
// and who may come in. A loader starts the questions while the code of the page is still on its way.

type Loader = (args: LoaderFunctionArgs) => Promise<null> | null

export function createRouter(client: QueryClient) {
  const session = () => client.ensureQueryData(sessionQuery())

  const requireUser = async ({ request }: LoaderFunctionArgs): Promise<null> => {
    const { user, instance } = await session()
    if (user !== null) return null
    if (instance.setupNeeded) throw redirect(paths.firstUser())
    const { pathname, search } = new URL(request.url)
    throw redirect(paths.signIn(pathname + search))
  }

  const onlyWithoutUser = async ({ request }: LoaderFunctionArgs): Promise<null> => {
    const { user } = await session()
    if (user !== null) throw redirect(toSafeNext(new URL(request.url).searchParams.get('next')))
    // Whoever signs in next finds nothing of what was read before, also where the session ended by itself.
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== getSession.name })
    return null
  }

  /** What a screen asks for belongs to a view: which one is certain only when the session has been asked. */
  const afterSession = <Route extends { loader?: Loader }>(route: Route): Route => {
    const { loader } = route
    if (loader === undefined) return route
    return {
      ...route,
      loader: async (args: LoaderFunctionArgs) => ((await session()).view === null ? null : loader(args)),
    }
  }

  return createBrowserRouter([
    {
      HydrateFallback: Blank,
      ErrorBoundary: RouteError,
      children: [
        {
          path: paths.signIn(),
          loader: onlyWithoutUser,
          lazy: async () => ({ Component: (await import('./session/sign-in-page.tsx')).SignInPage }),
        },
        {
          path: paths.firstUser(),
          loader: onlyWithoutUser,
          lazy: async () => ({ Component: (await import('./session/first-user-page.tsx')).FirstUserPage }),
        },
        {
          // Also with a session: whoever passes a link on may open it in the browser of somebody else.
          path: paths.join(),
          lazy: async () => ({ Component: (await import('./session/join-page.tsx')).JoinPage }),
        },
        {
          loader: requireUser,
          lazy: async () => {
            const [{ Frame }, { Shell }] = await Promise.all([
              import('./session/frame.tsx'),
              import('./shell/shell.tsx'),
            ])
            return { Component: () => <Frame shell={<Shell />} /> }
          },
          children: [{ ErrorBoundary: RouteError, children: screens(client).map(afterSession) }],
        },
      ],
    },
  ])
}

function screens(
  client: QueryClient,
): { path: string; loader?: Loader; lazy?: () => Promise<{ Component: ComponentType }>; Component?: ComponentType }[] {
  return [
    {
      path: paths.overview(),
      loader: async () => {
        await Promise.all([client.ensureQueryData(overviewQuery()), client.ensureQueryData(accountsQuery())])
        return null
      },
      lazy: async () => ({ Component: (await import('./overview/overview-page.tsx')).OverviewPage }),
    },
    {
      path: '/computers/:groupId?',
      loader: ({ params }: LoaderFunctionArgs) => {
        // Not awaited: the tree stays usable and marks the choice at once while the page beside it still loads.
        const id = params['groupId'] ?? 'root'
        void client.prefetchQuery(groupQuery(id))
        void client.prefetchInfiniteQuery(childrenQuery(id))
        void client.prefetchInfiniteQuery(groupEventsQuery(id))
        return null
      },
      lazy: async () => {
        const [{ ComputersPage }, { TreePanel }] = await Promise.all([
          import('./groups/computers-page.tsx'),
          import('./tree/tree-panel.tsx'),
        ])
        return {
          Component: function Computers() {
            const { tree } = useLive()
            return (
              <ComputersPage
                tree={(selectedId, onSelect) => <TreePanel selectedId={selectedId} onSelect={onSelect} live={tree} />}
              />
            )
          },
        }
      },
    },
    {
      path: '/customers',
      loader: ({ request }: LoaderFunctionArgs) => {
        const { filter, sort } = fromSearch(new URL(request.url).searchParams)
        void client.prefetchInfiniteQuery(customersQuery(filter, sort))
        return null
      },
      lazy: async () => ({ Component: (await import('./customers/customers-page.tsx')).CustomersPage }),
    },
    {
      path: '/sync',
      loader: ({ request }: LoaderFunctionArgs) => {
        void client.prefetchInfiniteQuery(runsQuery(new URL(request.url).searchParams.get('account') ?? undefined))
        return null
      },
      lazy: async () => ({ Component: (await import('./sync/runs-page.tsx')).RunsPage }),
    },
    {
      path: '/sync/:runId',
      loader: async ({ params }: LoaderFunctionArgs) => {
        const id = params['runId'] ?? ''
        void client.prefetchInfiniteQuery(runChangesQuery(id))
        await client.ensureQueryData(runQuery(id))
        return null
      },
      lazy: async () => ({ Component: (await import('./sync/run-page.tsx')).RunPage }),
    },
    {
      path: '/accounts',
      loader: async () => {
        await client.ensureQueryData(accountsQuery())
        return null
      },
      lazy: async () => ({ Component: (await import('./accounts/accounts-page.tsx')).AccountsPage }),
    },
    {
      path: paths.rehearsal(),
      lazy: async () => ({ Component: (await import('./rehearsal/rehearsal-page.tsx')).RehearsalPage }),
    },
    {
      path: paths.profile(),
      lazy: async () => ({ Component: (await import('./profile/profile-page.tsx')).ProfilePage }),
    },
    {
      path: '/audit',
      lazy: async () => ({ Component: (await import('./audit/audit-page.tsx')).AuditPage }),
    },
    {
      path: '/users',
      loader: ({ request }: LoaderFunctionArgs) => {
        void client.prefetchInfiniteQuery(usersQuery(new URL(request.url).searchParams.get('q') ?? ''))
        return null
      },
      lazy: async () => ({ Component: (await import('./users/users-page.tsx')).UsersPage }),
    },
    {
      path: '/users/sets',
      loader: () => {
        void client.prefetchQuery(setsQuery())
        return null
      },
      lazy: async () => ({ Component: (await import('./users/sets-page.tsx')).SetsPage }),
    },
    {
      path: '/users/:userId',
      loader: async ({ params }: LoaderFunctionArgs) => {
        await Promise.all([
          client.ensureQueryData(userQuery(params['userId'] ?? '')),
          client.ensureQueryData(setsQuery()),
        ])
        return null
      },
      lazy: async () => ({ Component: (await import('./users/user-page.tsx')).UserPage }),
    },
    { path: '*', Component: NotFound },
  ]
}

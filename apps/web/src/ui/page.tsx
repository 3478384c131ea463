import { useEffect, type ReactNode } from 'react'
import css from './blocks.module.css'

export interface PageProps {
  title: string
  lead?: ReactNode
  actions?: ReactNode
  children: ReactNode
  className?: string | undefined
}

/** A screen: one heading, what it offers, its content. */
export function Page({ title, lead, actions, children, className }: PageProps) {
  return (
    <div className={`${css['page']} ${className ?? ''}`}>
      <div className={css['pageHead']}>
        <PageTitle>{title}</PageTitle>
        {actions !== undefined && <div className={css['pageActions']}>{actions}</div>}
        {lead !== undefined && <p className={css['pageLead']}>{lead}</p>}
      </div>
      {children}
    </div>
  )
}

/** The heading names the document too. The shell moves the focus to it after a navigation. */
export function PageTitle({ children, className }: { children: string; className?: string | undefined }) {
  useDocumentTitle(children)
  return (
    <h1 className={className ?? css['pageTitle']} tabIndex={-1}>
      {children}
    </h1>
  )
}

export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · MSP Console`
  }, [title])
}

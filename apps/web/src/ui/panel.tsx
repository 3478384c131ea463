import { useId, type ReactNode } from 'react'
import css from './blocks.module.css'

export interface PanelProps {
  title: ReactNode
  /** Right end of the head: a link, a count, a button. */
  aside?: ReactNode
  children: ReactNode
  /** Lists and tables reach the edges. */
  flush?: boolean
  className?: string | undefined
}

/** A titled region of a page. */
export function Panel({ title, aside, children, flush = false, className }: PanelProps) {
  const id = useId()
  return (
    <section className={`${css['panel']} ${className ?? ''}`} aria-labelledby={id}>
      <header className={css['panelHead']}>
        <h2 id={id} tabIndex={-1} className={css['panelTitle']}>
          {title}
        </h2>
        {aside !== undefined && <div className={css['panelAside']}>{aside}</div>}
      </header>
      <div className={flush ? undefined : css['panelBody']}>{children}</div>
    </section>
  )
}

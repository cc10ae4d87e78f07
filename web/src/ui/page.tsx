import { type ReactNode, useEffect } from 'react'
import { useLanguage } from '../language.ts'

/** A page: its title, the sentence that answers first, then what shows it. */
export function Page({
  title,
  crumb,
  lead,
  aside,
  children,
}: {
  title: string
  /** Where it belongs, above the title. */
  crumb?: ReactNode
  lead?: ReactNode
  aside?: ReactNode
  children: ReactNode
}) {
  const { say } = useLanguage()
  useEffect(() => {
    document.title = `${title} · ${say('app.name')}`
  }, [title, say])
  return (
    <div className="page">
      <header className="line between">
        <div>
          {crumb ? <p className="crumb small">{crumb}</p> : null}
          <h1>{title}</h1>
          {lead ? <p className="lead">{lead}</p> : null}
        </div>
        {aside}
      </header>
      {children}
    </div>
  )
}

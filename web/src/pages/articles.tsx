import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { articles } from '../api/articles.ts'
import { formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { Page } from '../ui/page.tsx'
import { Prose } from '../ui/prose.tsx'
import { Answer, Empty } from '../ui/state.tsx'

/** What the list of articles is filtered by; it stands in the URL. */
export interface ArticlesSearch {
  q?: string
}

/** Reads the filter from a URL. */
export function parseArticlesSearch(search: Record<string, unknown>): ArticlesSearch {
  return typeof search.q === 'string' && search.q !== '' ? { q: search.q } : {}
}

/** Tariffs and procedures, by title. */
export function ArticlesPage() {
  const { say, pick } = useLanguage()
  const { q = '' } = useSearch({ strict: false }) as ArticlesSearch
  const navigate = useNavigate()
  const list = useQuery({ queryKey: ['articles'], queryFn: articles.list, staleTime: 60_000 })
  return (
    <Page title={say('articles.title')} lead={say('articles.lead')}>
      <div className="stack">
        <div className="fields narrow">
          <TextInput
            label={say('articles.filter')}
            value={q}
            onChange={(event) =>
              void navigate({
                to: '/articles',
                search: parseArticlesSearch({ q: event.currentTarget.value }),
                replace: true,
              })
            }
          />
        </div>
        <Answer query={list}>
          {({ articles: all }) => {
            const wanted = q.toLowerCase()
            const found = all.filter((a) => `${a.title.en}\n${a.title.my}`.toLowerCase().includes(wanted))
            if (found.length === 0) return <Empty says={say('articles.none')} />
            return (
              <ul className="list">
                {found.map((article) => (
                  <li key={article.slug} className="line between">
                    <Link to="/articles/$slug" params={{ slug: article.slug }}>
                      {pick(article.title)}
                    </Link>
                    <span className="tag">{say(`articles.${article.kind}`)}</span>
                  </li>
                ))}
              </ul>
            )
          }}
        </Answer>
      </div>
    </Page>
  )
}

/** One article, in the reader's language. */
export function ArticlePage() {
  const { slug } = useParams({ from: '/desk/articles/$slug' })
  const { say, pick, language } = useLanguage()
  const article = useQuery({
    queryKey: ['article', slug],
    queryFn: () => articles.get(slug),
    staleTime: 60_000,
  })
  return (
    <Page title={article.data ? pick(article.data.title) : say('articles.title')}>
      <p>
        <Link to="/articles">{say('articles.all')}</Link>
      </p>
      <Answer query={article}>
        {(data) => (
          <>
            <Prose text={data.body[language]} language={language} />
            <p className="small">
              {say('articles.changed', { at: formatInstant(data.updatedAt, language) })}
            </p>
          </>
        )}
      </Answer>
    </Page>
  )
}

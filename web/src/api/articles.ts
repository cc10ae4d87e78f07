import type { Words } from '../../../src/platform/words.ts'
import { ask } from './client.ts'

export interface ArticleLine {
  readonly slug: string
  readonly kind: 'tariff' | 'procedure'
  readonly title: Words
}
export interface Article extends ArticleLine {
  readonly body: Words
  readonly updatedAt: number
}

export const articles = {
  list: () => ask<{ articles: ArticleLine[] }>('/api/articles'),
  get: (slug: string) => ask<Article>(`/api/articles/${encodeURIComponent(slug)}`),
}

// What a search of a log says about itself.

import { said, type Said } from '@/format/said'

export interface LogSearchNews {
  hits: number
  at: number
  lookedThrough: number
  isSearching: boolean
  hasMore: boolean
}

/** Of a search that goes on, no hits so far are no answer. */
export const sayHits = ({ hits, isSearching }: LogSearchNews): Said =>
  isSearching && !hits ? said('task.log.searching') : said('task.log.hits', { count: hits })

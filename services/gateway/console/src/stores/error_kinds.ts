// The kinds of errors that failed tasks stand at: a filter of lists takes one by its fingerprint, people know it by its message.

import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

import { answer, http, type FailureGroup } from '@/transport/http'

/** As many as one call answers. */
const MOST_KINDS = 100
/** Also of tasks that were submitted long ago: one call looks at a bounded number of failed tasks, the latest first. */
const EVER = '1970-01-01T00:00:00Z'

export const useErrorKinds = defineStore('error_kinds', () => {
  const all = shallowRef<readonly FailureGroup[]>([])

  /** Raises Problem. */
  async function load(): Promise<void> {
    const query = { start_time: EVER, page_size: MOST_KINDS }
    const { failures } = await answer(http.GET('/api/v1/failures', { params: { query } }))
    all.value = failures.filter((group) => group.fingerprint)
  }

  const of = (fingerprint: string) => all.value.find((kind) => kind.fingerprint === fingerprint)

  return { all, load, of }
})

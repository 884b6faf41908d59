// Compares Redis with the registry when a person asks for it.

import { defineStore } from 'pinia'

import { answer, http, type Diagnosis } from '@/transport/http'

/** Findings listed one by one; all are counted. */
const MOST_FINDINGS = 100

export const useDoctor = defineStore('doctor', () => ({
  /** Compares everything, and repairs what differs if asked to. Raises Problem. */
  diagnose: (fix: boolean): Promise<Diagnosis> => answer(http.POST('/api/v1/doctor', { body: { fix, max_findings: MOST_FINDINGS } })),
}))

/** The tabs of a task, in their order; also the keys `1` to `5`. */
export const TABS = ['log', 'items', 'attempts', 'history', 'data'] as const

export type Tab = (typeof TABS)[number]

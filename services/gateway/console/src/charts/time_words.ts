// The time line in words: for titles, and for the list that stands for it.

import { useSay } from '@/i18n/say'

import type { TimeBar, TimeLineModel, TimeMark, TimeWait } from './time_line'

/** `present`: why the task waits now, where somebody knows it better than the story. */
export function useTimeWords(model: () => TimeLineModel, present: () => string) {
  const say = useSay()

  const why = (wait: TimeWait) => say.t(`task.time_line.waits.${wait.why}`)

  function reason(wait: TimeWait): string {
    if (model().isOpen && wait.to === model().to && present()) return present()
    return wait.detail ? say.t('task.time_line.why', { why: why(wait), detail: wait.detail }) : why(wait)
  }

  return {
    /** In two or three words. */
    why,
    reason,
    bar: (bar: TimeBar) =>
      say.t('task.time_line.bar', {
        stage: bar.stage,
        attempt: bar.attempt,
        duration: say.duration(bar.to - bar.from),
        result: say.t(`attempt_result.${bar.result}`),
      }),
    wait: (wait: TimeWait) =>
      say.t('task.time_line.wait', { stage: wait.stage, why: reason(wait), duration: say.duration(wait.to - wait.from) }),
    next: ({ at, kind }: NonNullable<TimeLineModel['next']>) => say.t(`task.time_line.next.${kind}`, { time: say.time(at) }),
    mark: (mark: TimeMark) =>
      say.t('task.time_line.mark', {
        what: say.t(`task.time_line.marks.${mark.kind}`),
        attempt: mark.attempt,
        time: say.time(mark.at),
      }),
  }
}

export const tasks = {
  title: 'Tasks',
  state: 'State',
  type: 'Type',
  all_types: 'All types',
  all: 'All',
  columns: { state: 'State', task: 'Task', progress: 'Progress', submitted: 'Submitted', duration: 'Run time', note: 'Reason or error' },
  fresh: '{count} new | {count} new',
  more: 'Load more',
  end: '{count} task | {count} tasks',
  empty: { title: 'No tasks yet', hint: 'Start an executor, then submit a task:' },
  none: { title: 'No task matches the filter' },
}

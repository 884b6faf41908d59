export const tasks = {
  title: '任务',
  state: '状态',
  type: '类型',
  all_types: '全部类型',
  all: '全部',
  columns: { state: '状态', task: '任务', progress: '进度', submitted: '提交时间', duration: '运行时长', note: '原因或错误' },
  fresh: '{count} 个新任务',
  more: '加载更多',
  end: '共 {count} 个任务',
  empty: { title: '还没有任务', hint: '先启动一个执行器，再提交任务：' },
  none: { title: '没有符合筛选条件的任务' },
}

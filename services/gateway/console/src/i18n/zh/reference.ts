// The page of the API reference.

export const reference = {
  title: '接口参考',
  what: '本网关的全部接口，可阅读，也可直接试用：请求会发送到当前集群。',
  document: '文档（OpenAPI 3.1）',
}

// Where Redis is, from the URL that the benchmark gives.
const url = new URL(process.env.BENCH_REDIS_URL);

export const connection = {
  host: url.hostname,
  port: Number(url.port),
  password: decodeURIComponent(url.password),
  maxRetriesPerRequest: null,
};

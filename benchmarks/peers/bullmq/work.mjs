// One worker process: no-op jobs, a hundred at once; outcomes stay in Redis.
import { Worker } from 'bullmq';
import { connection } from './connection.mjs';

const worker = new Worker(
  'noop',
  async (job) => (job.data.submitted_ns ? Number(process.hrtime.bigint() - BigInt(job.data.submitted_ns)) : 0),
  { connection, concurrency: 100 },
);

process.on('SIGTERM', async () => {
  await worker.close();
  process.exit(0);
});

// BullMQ's client: the commands and the arithmetic of ../client.py, which explains them.
import { setTimeout as sleep } from 'node:timers/promises';
import { Job, Queue } from 'bullmq';
import { connection } from './connection.mjs';

const PAYLOAD = 'x'.repeat(170);
const SHORT_QUEUE = 1_000;
const RAMP_S = 3;
const CHUNK = 200;
const WARM = 300;

const queue = new Queue('noop', { connection });

const seconds = () => performance.now() / 1000;
const finished = () => queue.getCompletedCount();
const queued = () => queue.getWaitingCount();
const submit = (count) =>
  queue.addBulk(Array.from({ length: count }, () => ({ name: 'noop', data: { payload: PAYLOAD } })));

async function fill(limit) {
  const started = seconds();
  let count = 0;
  while (seconds() - started < limit) {
    await submit(CHUNK);
    count += CHUNK;
  }
  return { submit_per_s: count / (seconds() - started), count };
}

async function drain(limit) {
  const first = await finished();
  while ((await finished()) - first < WARM) await sleep(20);
  const count = await finished();
  const started = seconds();
  let rate = 0;
  while (seconds() - started < limit && (await queued()) > 0) {
    await sleep(100);
    rate = ((await finished()) - count) / (seconds() - started);
  }
  return { drain_per_s: rate };
}

async function steady(limit) {
  while ((await queued()) > 0) await sleep(100);
  const ramp = seconds() + RAMP_S;
  let count = 0;
  let started = 0;
  for (;;) {
    const full = (await queued()) >= SHORT_QUEUE;
    const now = seconds();
    if (!started && (full || now >= ramp)) {
      [count, started] = [await finished(), now];
    } else if (started && now - started >= limit) {
      return { steady_per_s: ((await finished()) - count) / (seconds() - started) };
    }
    await (full ? sleep(10) : submit(CHUNK));
  }
}

async function latency(count) {
  while ((await queued()) > 0) await sleep(100);
  await sleep(500);
  const handles = [];
  for (let index = 0; index < count; index += 1) {
    const submitted = process.hrtime.bigint().toString();
    handles.push(await queue.add('noop', { payload: PAYLOAD, submitted_ns: submitted }));
    await sleep(15 + Math.random() * 15);
  }
  await sleep(500);
  const took = [];
  for (const handle of handles) took.push((await Job.fromId(queue, handle.id)).returnvalue / 1e6);
  took.sort((left, right) => left - right);
  return {
    latency_p50_ms: took[Math.floor(took.length / 2)],
    latency_p99_ms: took[Math.floor(took.length * 0.99)],
  };
}

const [command, amount] = process.argv.slice(2);
console.log(JSON.stringify(await { fill, drain, steady, latency }[command](Number(amount))));
await queue.close();
process.exit(0);

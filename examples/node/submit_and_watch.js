// Submit a task and watch it until it is final.
//
//     node submit_and_watch.js TYPE [CONFIG]        for example: node submit_and_watch.js checksums '{"folder": "/usr"}'
//
// The address is taken from ASYNCTASK_ADDRESS. Ends with 0 when the task completed, with 1 when it did not.

import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import grpc from "@grpc/grpc-js";
import protoLoader from "@grpc/proto-loader";

const PROTOS = fileURLToPath(new URL("../../protos", import.meta.url));
const FINAL = new Set(["TASK_STATE_COMPLETED", "TASK_STATE_FAILED", "TASK_STATE_CANCELLED"]);
// After these a call may be repeated: a submit has a request_id, a watch its resume_token.
const PASSING = new Set([grpc.status.UNAVAILABLE, grpc.status.DEADLINE_EXCEEDED, grpc.status.RESOURCE_EXHAUSTED]);

const definition = protoLoader.loadSync("asynctask/scheduler/v1/task_service.proto", {
  includeDirs: [PROTOS], // what the contracts import from Google lies there too
  keepCase: true,
  longs: String, // 64-bit numbers do not fit into JavaScript's
  enums: String,
  defaults: true,
});
const { TaskService } = grpc.loadPackageDefinition(definition).asynctask.scheduler.v1;

/** A UUIDv7: the time in ms, then random bits. As a request_id of the last five minutes it becomes the task's id. */
function uuid7() {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Submit one task; gives its id. However often the call is repeated, there is one task. */
async function submit(client, taskType, config) {
  const request = { task_type: taskType, task_config: config, request_id: uuid7() };
  for (let tries = 1; ; tries += 1) {
    try {
      return await new Promise((resolve, reject) => {
        const deadline = Date.now() + 10_000;
        client.SubmitTask(request, { deadline }, (error, answer) => (error ? reject(error) : resolve(answer.task_id)));
      });
    } catch (error) {
      if (!PASSING.has(error.code) || tries === 5) throw error;
      await sleep(200 * 2 ** tries);
    }
  }
}

/**
 * Every change of a task, the final one last.
 *
 * The server does not end the stream when the task ends, for a final task may be restarted: leaving the loop cancels
 * it. When a scheduler stops or the connection breaks, the watch goes on from the last resume_token at the next one.
 */
async function* watch(client, taskId) {
  let resumeToken = "";
  for (;;) {
    const stream = client.WatchTasks({ task_ids: [taskId], resume_token: resumeToken });
    try {
      for await (const message of stream) {
        resumeToken = message.resume_token || resumeToken;
        yield* message.tasks;
      }
    } catch (error) {
      if (!PASSING.has(error.code)) throw error;
    } finally {
      stream.on("error", () => {}); // the answer to our own cancel
      stream.cancel();
    }
    await sleep(500);
  }
}

const [taskType, config = "{}"] = process.argv.slice(2);
if (!taskType) {
  console.error("usage: node submit_and_watch.js TYPE [CONFIG]");
  process.exit(2);
}
const client = new TaskService(process.env.ASYNCTASK_ADDRESS ?? "127.0.0.1:7600", grpc.credentials.createInsecure());
try {
  const taskId = await submit(client, taskType, config);
  console.log(`submitted ${taskId}`);
  for await (const task of watch(client, taskId)) {
    console.log(`${task.task_status.replace("TASK_STATE_", "").toLowerCase()} ${task.percent.toFixed(0)} %`);
    if (FINAL.has(task.task_status)) {
      if (task.failure) console.log(`${task.failure.reason}: ${task.failure.message}`);
      process.exitCode = task.task_status === "TASK_STATE_COMPLETED" ? 0 : 1;
      break;
    }
  }
} catch (error) {
  const details = (error.details ?? error.message).replace(/\s*Resolution note:\s*$/, ""); // grpc-js has often none
  console.error(`${grpc.status[error.code] ?? "ERROR"}: ${details}`);
  process.exitCode = 1;
} finally {
  client.close();
}

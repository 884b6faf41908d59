-- Open a session with a higher number than every earlier one of the executor. A request to drain outlives sessions.
-- An unknown executor is refused if `most` are known. Before that, executors that are not listed any more (unseen for
-- `unseen_ms`, without leases) are forgotten early to make room. A known executor is never refused.
-- @keys    standings leases executors
-- @args    executor info slots:number forget_ms:number unseen_ms:number most:number
-- @include clock records executors
-- @returns {number, {task, attempt and 1 when confirmed...} held by earlier sessions, 1 when it was asked to drain};
--   the number is 0 if the executor is refused
local time = redis.call('TIME')
local key, held_key = session_key(executor), root .. 'held:' .. executor
local last, now = redis.call('HGET', key, 'number'), clock()
if not last and redis.call('EXISTS', held_key) == 0 and redis.call('ZCARD', executors) >= most then
  forget_executors(now, unseen_ms, 100)
  if redis.call('ZCARD', executors) >= most then
    return {'0', {}, 0}
  end
end
local number = math.max(time[1] * 1000000 + time[2], tonumber(last or '0') + 1)
local draining = write_session(executor, number, info, slots, 0)
redis.call('ZADD', executors, now, executor)
forget_executors(now, forget_ms, 3)
local ids, found = redis.call('SMEMBERS', held_key), {}
for _, id in ipairs(ids) do
  local lease = redis.call('HGET', leases, id)
  if lease and holder_of(lease, 2) == executor then
    local confirmed = is_confirmed(lease, redis.call('HGET', standings, id))
    found[#found + 1] = id .. sub(lease, 2, 17) .. char(confirmed and 1 or 0)
  end
end
return {string.format('%.0f', number), found, draining}

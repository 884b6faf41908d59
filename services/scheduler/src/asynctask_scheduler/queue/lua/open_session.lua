-- Open a session above every earlier one of the executor. Whether it was asked to drain outlives its sessions.
-- @keys    standings leases executors
-- @args    executor info slots:number forget_ms:number
-- @include clock records executors
-- @returns {number, {task, attempt and 1 when confirmed...} held by earlier sessions, 1 when it was asked to drain}
local time = redis.call('TIME')
local key = session_key(executor)
local number = math.max(time[1] * 1000000 + time[2], tonumber(redis.call('HGET', key, 'number') or '0') + 1)
local draining = write_session(executor, number, info, slots, 0)
local now = clock()
redis.call('ZADD', executors, now, executor)
forget_executors(now, forget_ms, 3)
local ids, found = redis.call('SMEMBERS', root .. 'held:' .. executor), {}
for _, id in ipairs(ids) do
  local lease = redis.call('HGET', leases, id)
  if lease and holder_of(lease, 2) == executor then
    local confirmed = is_confirmed(lease, redis.call('HGET', standings, id))
    found[#found + 1] = id .. sub(lease, 2, 17) .. char(confirmed and 1 or 0)
  end
end
return {string.format('%.0f', number), found, draining}

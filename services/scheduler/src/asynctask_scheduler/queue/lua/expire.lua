-- Move leases past their deadline to `expiring` and return them, with those whose end was not reported for `resume_ms`.
-- A deadline has passed if it is at or before `judged_ms`, on which both clocks agree (lease_clock.py). The guard: if
-- the clock has `stepped`, no replica looked for `gap_ms`, or the store changed, no lease ends before now + lease, and
-- leases that end then without having been renewed are excused.
-- @keys    standings leases deadlines expiring reaper
-- @args    limit:number lease_ms:number gap_ms:number resume_ms:number judged_ms:number stepped:number
-- @include clock identity records hints
-- @returns {now in ms, 1 when the guard tripped, {task, attempt, flags, 1 when confirmed, executor...}}
local now = clock()
if not is_marked() then
  return {now, 0, {}}
end
local here = identity()
local known = redis.call('HMGET', reaper, 'tick_ms', 'identity', 'grace_ms')
local tick_ms, grace_ms = tonumber(known[1] or '-inf'), tonumber(known[3] or '0')
local guarded = known[2] ~= here
  or math.abs(now - tick_ms) > gap_ms
  or stepped == 1
if guarded then
  grace_ms = now + lease_ms
end
local passed = math.min(now, judged_ms)
redis.call('HSET', reaper, 'tick_ms', now, 'lag_ms', now - passed, 'identity', here, 'grace_ms', grace_ms)
-- Times too far in the future were written before the clock was set back.
local function bring_back(key, latest)
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', key, latest + gap_ms, '+inf', 'LIMIT', 0, 1000)) do
    redis.call('ZADD', key, latest, id)
  end
end
bring_back(deadlines, now + lease_ms)
bring_back(expiring, now)
if guarded then
  return {now, 1, {}}
end

local found = {}
local function report(id, lease)
  local executor = holder_of(lease, 2)
  local confirmed = is_confirmed(lease, redis.call('HGET', standings, id))
  found[#found + 1] = id .. sub(lease, 2, 17) .. sub(lease, 1, 1) .. char(confirmed and 1 or 0) .. executor
end

for _, id in ipairs(redis.call('ZRANGEBYSCORE', expiring, '-inf', now - resume_ms, 'LIMIT', 0, limit)) do
  local lease = redis.call('HGET', leases, id)
  if lease then
    redis.call('ZADD', expiring, now, id)
    report(id, lease)
  else
    redis.call('ZREM', expiring, id)
  end
end
if passed >= grace_ms then
  local due = redis.call('ZRANGEBYSCORE', deadlines, '-inf', passed, 'WITHSCORES', 'LIMIT', 0, limit - #found)
  for i = 1, #due, 2 do
    local id, deadline = due[i], tonumber(due[i + 1])
    local lease = redis.call('HGET', leases, id)
    redis.call('ZREM', deadlines, id)
    if lease then
      local flags = byte(lease) + EXPIRING + (deadline <= grace_ms and EXCUSED or 0)
      lease = char(flags) .. sub(lease, 2)
      redis.call('HSET', leases, id, lease)
      redis.call('ZADD', expiring, now, id)
      tell(holder_of(lease, 2), id, sub(lease, 2, 17), 0, has_flag(lease, RENEWED) and 1 or 2)
      report(id, lease)
    end
  end
end
return {now, 0, found}

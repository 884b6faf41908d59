-- Where a task is, what stands in its way, and whether the next pop of one executor takes it. Changes nothing.
-- `served` are the executor's lanes; without an executor there are none. `most` bounds the tasks of one pop.
-- @keys    root standings leases deadlines limits
-- @args    task lane executor session:number slots:number most:number served...
-- @include clock identity records sessions choice
-- @returns {1 with a marker, place or 0, tasks of the lane before it or -1 if it is not ready,
--   priority of the first of them or 0, tasks of the other served lanes before it, limit of the type or 0, its leases,
--   1 if the pop takes it, {executor, 1 when confirmed, 1 when expiring, ms until its deadline or 0} if it has a lease}
local ready = root .. 'ready:' .. lane
local standing, lease = redis.call('HGET', standings, task), redis.call('HGET', leases, task)
local task_type = type_of(lane)

local holder = {}
if lease then
  local deadline = redis.call('ZSCORE', deadlines, task)
  holder = {
    (holder_of(lease, 2)),
    is_confirmed(lease, standing) and 1 or 0,
    has_flag(lease, EXPIRING) and 1 or 0,
    deadline and deadline - clock() or 0,
  }
end

local rank = not lease and redis.call('ZRANK', ready, task) or -1
local first_priority, elsewhere, taken = 0, 0, 0
if rank > 0 then
  local first = redis.call('HGET', standings, redis.call('ZRANGE', ready, 0, 0)[1])
  first_priority = first and byte(first, 12) or 0
end
if rank >= 0 then
  local before = '(' .. string.format('%.0f', redis.call('ZSCORE', ready, task))
  for i = served_from, #ARGV do
    if ARGV[i] ~= lane and room_of(type_of(ARGV[i])) > 0 then
      elsewhere = elsewhere + redis.call('ZCOUNT', root .. 'ready:' .. ARGV[i], '-inf', before)
    end
  end
  local wanted = math.min(most, slots - redis.call('SCARD', root .. 'held:' .. executor))
  if wanted > 0 and session_verdict(executor, session) == 'ok' and is_marked() then
    for _, id in ipairs(choose(served_from, wanted).ids) do
      taken = id == task and 1 or taken
    end
  end
end

return {
  is_marked() and 1 or 0,
  standing and byte(standing, 10) or 0,
  rank,
  first_priority,
  elsewhere,
  tonumber(redis.call('HGET', limits, task_type) or '0'),
  redis.call('SCARD', root .. 'running:' .. task_type),
  taken,
  holder,
}

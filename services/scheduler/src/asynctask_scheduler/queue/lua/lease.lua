-- Lease the ready tasks of some lanes with the best scores to one executor, one per attempt id.
-- @keys    root leases deadlines limits
-- @args    executor session:number slots:number lease_ms:number attempts served...
-- @include clock identity records sessions lane_heads lanes
-- @returns {verdict, task ids in one string, 1 if a limit held tasks back,
--   1 if as many tasks were found as wanted, token of the marker if a type is limited}
local verdict = session_verdict(executor, session)
if verdict ~= 'ok' then
  return {verdict, '', 0, 0, ''}
end
if not is_marked() then
  return {'no_marker', '', 0, 0, ''}
end
local held_key = root .. 'held:' .. executor
local wanted = math.min(#attempts / 16, slots - redis.call('SCARD', held_key))
if wanted <= 0 then
  return {'ok', '', 0, 1, ''}
end

local room = {}
local served = {}
local is_limited = false
for i = served_from, #ARGV do
  local lane = ARGV[i]
  local task_type = type_of(lane)
  room[task_type] = room[task_type] or room_of(task_type)
  is_limited = is_limited or room[task_type] < math.huge
  served[#served + 1] = open_lane(lane, task_type)
end
local is_merged = #served > 1
local page = math.min(wanted, 8 + math.ceil(wanted / #served))
for _, head in ipairs(served) do
  advance(head, page, is_merged)
end

local deadline = string.format('%.0f', clock() + lease_ms)
local holder_tail = struct.pack('>Hc0', #executor, executor)
local taken, new_leases, new_deadlines, running = {}, {}, {}, {}
local count, blocked = 0, 0
while count < wanted do
  -- Find the lane whose first task goes first, and the next lane: tasks of the first lane that go before the next
  -- lane's first task need no further comparison with the other lanes.
  local best, second
  for _, head in ipairs(served) do
    if head.id then
      if room[head.task_type] <= 0 then
        blocked = 1
      elseif not best or goes_first(head, best) then
        best, second = head, best
      elseif not second or goes_first(head, second) then
        second = head
      end
    end
  end
  if not best then
    break
  end
  local lane, limit = best.lane, math.min(wanted, count + room[best.task_type])
  local tail = holder_tail .. lane
  local of_lane = running[lane] or {}
  running[lane] = of_lane
  local before = count
  repeat
    count = count + 1
    local id = best.id
    taken[count] = id
    of_lane[#of_lane + 1] = id
    new_leases[2 * count - 1] = id
    new_leases[2 * count] = '\0' .. sub(attempts, 16 * count - 15, 16 * count) .. tail
    new_deadlines[2 * count - 1] = deadline
    new_deadlines[2 * count] = id
    best.seen = best.seen + 1
    advance(best, page, is_merged)
  until count >= limit or not best.id or (second and goes_first(second, best))
  room[best.task_type] = room[best.task_type] - (count - before)
end

if count > 0 then
  redis.call('SADD', held_key, unpack(taken))
  for lane, ids in pairs(running) do
    redis.call('SADD', root .. 'running:' .. lane, unpack(ids))
    redis.call('SADD', root .. 'running:' .. type_of(lane), unpack(ids))
  end
  redis.call('ZADD', deadlines, unpack(new_deadlines))
  redis.call('HSET', leases, unpack(new_leases))
end
for _, head in ipairs(served) do
  if head.seen > 0 then
    redis.call('ZREMRANGEBYRANK', head.key, 0, head.seen - 1)
    if not running[head.lane] then
      forget_lane(head.lane)
    end
  end
end
local token = is_limited and redis.call('HGET', marker, 'token') or ''
return {'ok', table.concat(taken), blocked, count == wanted and 1 or 0, token}

-- Lease the ready tasks of some lanes with the best scores to one executor, one per attempt id.
-- @keys    root leases deadlines limits
-- @args    executor session:number slots:number lease_ms:number attempts served...
-- @include clock identity records sessions choice lanes
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

local chosen = choose(served_from, wanted)
local taken, heads = chosen.ids, chosen.heads
local count = #taken
local running = {}
if count > 0 then
  local deadline = string.format('%.0f', clock() + lease_ms)
  local holder_tail = struct.pack('>Hc0', #executor, executor)
  local new_leases, new_deadlines, tails = {}, {}, {}
  for n = 1, count do
    local id, lane = taken[n], heads[n].lane
    local of_lane = running[lane]
    if not of_lane then
      of_lane = {}
      running[lane], tails[lane] = of_lane, holder_tail .. lane
    end
    of_lane[#of_lane + 1] = id
    new_leases[2 * n - 1] = id
    new_leases[2 * n] = '\0' .. sub(attempts, 16 * n - 15, 16 * n) .. tails[lane]
    new_deadlines[2 * n - 1] = deadline
    new_deadlines[2 * n] = id
  end
  redis.call('SADD', held_key, unpack(taken))
  for lane, ids in pairs(running) do
    redis.call('SADD', root .. 'running:' .. lane, unpack(ids))
    redis.call('SADD', root .. 'running:' .. type_of(lane), unpack(ids))
  end
  redis.call('ZADD', deadlines, unpack(new_deadlines))
  redis.call('HSET', leases, unpack(new_leases))
end
for _, head in ipairs(chosen.lanes) do
  if head.seen > 0 then
    redis.call('ZREMRANGEBYRANK', head.key, 0, head.seen - 1)
    if not running[head.lane] then
      forget_lane(head.lane)
    end
  end
end
local token = chosen.is_limited and redis.call('HGET', marker, 'token') or ''
return {'ok', table.concat(taken), chosen.blocked, count == wanted and 1 or 0, token}

-- Lease tasks that are being created to an executor for which no other task waits: all of them or none.
-- `named` is pairs of task id and attempt id in one string. The tasks get tombstones with version 0, so every standing
-- of the registry is newer.
-- @keys    root standings leases deadlines limits kinds
-- @args    executor session:number slots:number lease_ms:number lane named served...
-- @include clock identity records sessions lane_heads memory
-- @returns {verdict, 1 when they are leased, token of the marker if the type is limited}
local verdict = session_verdict(executor, session)
if verdict ~= 'ok' then
  return {verdict, 0, ''}
end
if not is_marked() then
  return {'no_marker', 0, ''}
end
local held_key = root .. 'held:' .. executor
local room = room_of(type_of(lane))
if #named / 32 > math.min(room, slots - redis.call('SCARD', held_key)) then
  return {'ok', 0, ''}
end
for i = served_from, #ARGV do
  if redis.call('EXISTS', root .. 'ready:' .. ARGV[i]) == 1 then
    return {'ok', 0, ''}
  end
end
local ids = {}
for at = 1, #named, 32 do
  ids[#ids + 1] = sub(named, at, at + 15)
end
-- A known task was created before, and may have any state: lease none.
local _, known = remembered(ids, redis.call('HMGET', standings, unpack(ids)))
if known > 0 then
  return {'ok', 0, ''}
end

local deadline = string.format('%.0f', clock() + lease_ms)
local tail = struct.pack('>Hc0', #executor, executor) .. lane
local nowhere = struct.pack('>I8BBBB', 0, 0, NOWHERE, 0, 0)
local gone = {n = 0}
for i, id in ipairs(ids) do
  redis.call('HSET', leases, id, '\0' .. sub(named, 32 * i - 15, 32 * i) .. tail)
  redis.call('ZADD', deadlines, deadline, id)
  gone[2 * i - 1], gone[2 * i], gone.n = id, nowhere, 2 * i
end
redis.call('SADD', held_key, unpack(ids))
redis.call('SADD', root .. 'running:' .. lane, unpack(ids))
redis.call('SADD', root .. 'running:' .. type_of(lane), unpack(ids))
redis.call('SADD', kinds, lane)
remember(clock(), gone)
return {'ok', 1, room < math.huge and redis.call('HGET', marker, 'token') or ''}

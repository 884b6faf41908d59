-- Bring the queues to standings of the registry: the only verb that does. `arrived` is pairs of task id and standing; a
-- task occurs once. `feed` is the message to publish if anything changed.
-- @keys    standings
-- @args    lease_ms:number horizon_ms:number feed arrived...
-- @include places memory
-- @returns {changed, leases created, {lane...} ready, {executor...} freed}
local ids = {}
for i = arrived_from, #ARGV, 2 do
  ids[#ids + 1] = ARGV[i]
end
local kept = redis.call('HMGET', standings, unpack(ids))
local versions, known = remembered(ids, kept)
-- Only known tasks can have a lease.
local held = known > 0 and redis.call('HMGET', leases, unpack(ids)) or {}
local keep, gone, changed = {n = 0}, {n = 0}, 0
local unkept = arguments_of('HDEL', standings)

-- Remove the task from the place of its old standing. A task with a lease is in no ready set.
local function leave(id, old, place, lease, new_lane)
  if place == READY then
    local lane = lane_of(old, READY)
    if not lease and lane ~= new_lane then
      leave_lane(id, lane)
    end
  elseif place == TIMED then
    write('ZREM', timers, id)
    if not lease then
      leave_lane(id, lane_of(old, TIMED))
    end
  end
end

-- Replace the kept standing `old` (with place `old_place`, nil if there is none) by `new`.
local function change(id, old, old_place, lease, new, place, requested)
  local attempt = place == LEASED and attempt_of(new)
  local old_attempt = old_place == LEASED and attempt_of(old)
  local held_attempt = lease and sub(lease, 2, 17)
  if attempt and requested ~= (old_attempt == attempt and byte(old, 11) or 0) then
    tell(holder_of(new, 13), id, attempt, requested, 0)
  end
  if old_place == READY or old_place == TIMED then
    leave(id, old, old_place, lease, place == READY and lane_of(new, READY))
  end
  if lease and held_attempt ~= attempt then
    if held_attempt == old_attempt then
      drop_lease(id, lease)
      if attempt then
        tell(holder_of(lease, 2), id, held_attempt, 0, 1)
      end
      lease = false
    else
      -- The lease waits for the answer of its StartAttempts and keeps its slot until then. An attempt that runs at
      -- another executor meanwhile is counted for that executor.
      if old_attempt and old_attempt ~= attempt and holder_of(old, 13) ~= (holder_of(lease, 2)) then
        write('SREM', root .. 'held:' .. holder_of(old, 13), id)
      end
      if attempt then
        write('SADD', root .. 'held:' .. holder_of(new, 13), id)
      end
    end
  end
  local is_far = false
  if place == TIMED then
    local due_in = due_of(new)
    is_far = due_in > horizon_ms
    new = sub(new, 1, 28) .. struct.pack('>d', now + due_in) .. sub(new, 37)
  end
  if place == NOWHERE or is_far then
    if old then
      add(unkept, id)
    end
    add(gone, id, new)
  else
    if not lease then
      settle(id, new, place, lease_ms)
    end
    add(keep, id, new)
  end
end

for i = 1, #ids do
  local id, new, old, lease = ids[i], ARGV[arrived_from + 2 * i - 1], kept[i], held[i]
  local version, _, place, requested = struct.unpack('>I8BBB', new)
  local old_version, old_place = versions[id] or -1, nil
  if old then
    old_version, _, old_place = struct.unpack('>I8BB', old)
  end
  if version > old_version then
    changed = changed + 1
    change(id, old, old_place, lease, new, place, requested)
  elseif version == old_version then
    -- Repair. A task that is nowhere and has only a tombstone needs none.
    if old or place ~= NOWHERE then
      change(id, old, old_place, lease, new, place, requested)
    end
  elseif place == LEASED and lease and sub(lease, 2, 17) == attempt_of(new) and not is_confirmed(lease, old) then
    -- Outdated, but it proves that the leased attempt started; the kept, newer standing says that it has ended since.
    drop_lease(id, lease)
    if old then
      settle(id, old, old_place, lease_ms)
    end
  end
end

local answer = finish(changed)
if gone.n > 0 then
  remember(now, gone)
end
-- Write standings last: if the script fails before, the same standings can be applied again.
if keep.n > 0 then
  redis.call('HSET', standings, unpack(keep, 1, keep.n))
end
if changed > 0 then
  redis.call('PUBLISH', root .. 'feed', feed)
end
return answer

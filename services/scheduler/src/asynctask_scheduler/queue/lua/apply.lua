-- Bring the queues to standings of the registry: the one way in. A task occurs once in a call.
-- @keys    standings
-- @args    lease_ms:number horizon_ms:number arrived...
-- @include places memory
-- @returns {changed, leases created, {kind...} ready, {executor...} freed}
local ids = {}
for i = arrived_from, #ARGV do
  ids[#ids + 1] = sub(ARGV[i], 1, 16)
end
local kept = redis.call('HMGET', standings, unpack(ids))
local held = redis.call('HMGET', leases, unpack(ids))
local versions = remembered(ids, kept)
local keep, gone, feed, changed = {}, {}, {}, 0

-- Take the task out of where its old standing put it. A task with a lease stands in no line.
local function leave(id, old, lease, attempt, line)
  local place = byte(old, 10)
  if place == READY then
    local kind = kind_of(old, READY)
    if not lease and kind ~= line then
      write('ZREM', root .. 'ready:' .. kind, id)
    end
  elseif place == TIMED then
    write('ZREM', timers, id)
    if not lease then
      write('ZREM', root .. 'ready:' .. kind_of(old, TIMED), id)
    end
  elseif place == LEASED and lease and not is_confirmed(lease, old) and leased_attempt(old) ~= attempt then
    -- It ran elsewhere while the answer about a newer, refused attempt was still on its way (see below).
    local executor = holder_of(old, 13)
    if executor ~= holder_of(lease, 2) then
      write('SREM', root .. 'held:' .. executor, id)
    end
  end
end

for i = 1, #ids do
  local id, old, lease = ids[i], kept[i], held[i]
  local new = sub(ARGV[arrived_from + i - 1], 17)
  local version, _, place, requested = struct.unpack('>I8BBB', new)
  local old_version = old and struct.unpack('>I8', old) or versions[id] or -1
  local attempt = place == LEASED and leased_attempt(new)
  local lease_is_of_attempt = lease and attempt and sub(lease, 2, 17) == attempt
  if version < old_version then
    -- Late, but it proves that the held attempt started; what is kept says that it has ended since.
    if lease_is_of_attempt and not is_confirmed(lease, old) then
      drop_lease(id, lease)
      if old then
        settle(id, old, lease_ms)
      end
    end
  else
    if version > old_version then
      changed = changed + 1
      feed[changed] = sub(ARGV[arrived_from + i - 1], 1, 25)
    end
    if attempt then
      local before = old and byte(old, 10) == LEASED and leased_attempt(old) == attempt and byte(old, 11) or 0
      if requested ~= before then
        tell(holder_of(new, 13), id, attempt, requested, 0)
      end
    end
    if old then
      leave(id, old, lease, attempt, place == READY and kind_of(new, READY))
    end
    if lease and not lease_is_of_attempt and is_confirmed(lease, old) then
      drop_lease(id, lease)
      if attempt then
        tell(holder_of(lease, 2), id, sub(lease, 2, 17), 0, 1)
      end
      lease = false
    end
    local is_far = false
    if place == TIMED then
      local due_in = struct.unpack('>d', new, 21)
      is_far = due_in > horizon_ms
      new = sub(new, 1, 20) .. struct.pack('>d', now + due_in) .. sub(new, 29)
    end
    if not lease then
      if not is_far then
        settle(id, new, lease_ms)
      end
    elseif attempt and not lease_is_of_attempt then
      -- The lease there waits for the answer of its StartAttempts and keeps its slot until then; the one that runs
      -- counts for its executor already.
      write('SADD', root .. 'held:' .. holder_of(new, 13), id)
    end
    if place == NOWHERE or is_far then
      if old then
        write('HDEL', standings, id)
      end
      if version > old_version or old then
        gone[#gone + 1] = id
        gone[#gone + 1] = sub(new, 1, 8)
      end
    else
      keep[#keep + 1] = id
      keep[#keep + 1] = new
    end
  end
end

local answer = finish(changed)
if #gone > 0 then
  remember(now, gone)
end
-- Versions last: whatever breaks off before them is applied again.
if #keep > 0 then
  redis.call('HSET', standings, unpack(keep))
end
if changed > 0 then
  redis.call('PUBLISH', root .. 'feed', table.concat(feed))
end
return answer

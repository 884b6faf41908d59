-- How the store differs from standings.
-- @keys    root standings leases timers tombstones
-- @args    horizon_ms:number arrived...
-- @include records memory
-- @returns {task id and one letter...}: M missing, O outdated, P misplaced
local ids, found = {}, {}
for i = arrived_from, #ARGV, 2 do
  ids[#ids + 1] = ARGV[i]
end
local kept = redis.call('HMGET', standings, unpack(ids))
local held = redis.call('HMGET', leases, unpack(ids))
local versions = remembered(ids, kept)

local function is_placed(id, new, lease)
  local place = byte(new, 10)
  if place == LEASED then
    return lease
  end
  if lease then
    -- The lease decides until its StartAttempts is answered. If that never happens, the lease runs out.
    return true
  end
  if place == READY then
    return redis.call('ZSCORE', root .. 'ready:' .. lane_of(new, READY), id)
  end
  if place == TIMED then
    return redis.call('ZSCORE', timers, id) or redis.call('ZSCORE', root .. 'ready:' .. lane_of(new, TIMED), id)
  end
  return true
end

for i = 1, #ids do
  local new = ARGV[arrived_from + 2 * i - 1]
  local version, _, place = struct.unpack('>I8BB', new)
  local is_stored = place ~= NOWHERE and not (place == TIMED and due_of(new) > horizon_ms)
  local old_version = kept[i] and struct.unpack('>I8', kept[i]) or versions[ids[i]]
  if old_version and old_version < version then
    found[#found + 1] = ids[i] .. 'O'
  elseif not old_version and is_stored then
    found[#found + 1] = ids[i] .. 'M'
  elseif old_version == version and is_stored and not (kept[i] and is_placed(ids[i], new, held[i])) then
    found[#found + 1] = ids[i] .. 'P'
  end
end
return found

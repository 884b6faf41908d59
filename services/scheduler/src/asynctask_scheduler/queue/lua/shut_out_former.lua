-- Keep schedulers of the layout before this one out of the cell: neither they nor those of this layout know the leases
-- of the others. While one of them lives, only its name is answered. Else this replica is noted where they look for
-- others, with settings that none of them has, so none of them joins. When they worked after schedulers of this layout,
-- what is kept here is old: the marker goes, and the store is rebuilt.
-- @keys    former_replicas former_reaper marker reaper
-- @args    replica fresh_ms:number
-- @include clock
-- @returns name of a live scheduler of the layout before, or ''
local OURS = '0 0'
local now = clock()
local known = redis.call('HGETALL', former_replicas)
for i = 1, #known, 2 do
  local seen, told = string.match(known[i + 1], '^(%d+) (.*)$')
  -- Either way: a time to come was written before the clock went back.
  if math.abs(now - seen) > fresh_ms then
    redis.call('HDEL', former_replicas, known[i])
  elseif told ~= OURS then
    return known[i]
  end
end
local theirs = redis.call('HGET', former_reaper, 'tick_ms')
if theirs then
  if tonumber(theirs) > tonumber(redis.call('HGET', reaper, 'tick_ms') or '-inf') then
    redis.call('DEL', marker)
  end
  redis.call('DEL', former_reaper)
end
redis.call('HSET', former_replicas, replica, string.format('%.0f %s', now, OURS))
return ''

-- Note that a replica is live, with its options: time seen in ms, lease in ms, ageing step in us. A replica that is
-- `joining` is not noted while a live one has other options. Replicas not seen for `fresh_ms` are deleted.
-- @keys    replicas
-- @args    replica told fresh_ms:number joining:number
-- @include clock
-- @returns the options of another live replica if they differ, or ''
local now, other = clock(), ''
local known = redis.call('HGETALL', replicas)
for i = 1, #known, 2 do
  local seen, its = string.match(known[i + 1], '^(%d+) (.*)$')
  -- A time in the future was written before the clock was set back: delete it, too.
  if math.abs(now - seen) > fresh_ms then
    redis.call('HDEL', replicas, known[i])
  elseif known[i] ~= replica and its ~= told then
    other = its
  end
end
if joining == 0 or other == '' then
  redis.call('HSET', replicas, replica, string.format('%.0f %s', now, told))
end
return other

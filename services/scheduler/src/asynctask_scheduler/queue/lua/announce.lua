-- Note that a replica lives and what it was told: time seen in ms, lease in ms, ageing step in us. One that is
-- `joining` is not noted beside a live one that was told otherwise. Those not seen for `fresh_ms` are forgotten.
-- @keys    replicas
-- @args    replica told fresh_ms:number joining:number
-- @include clock
-- @returns what another live replica was told, when that differs, or ''
local now, other = clock(), ''
local known = redis.call('HGETALL', replicas)
for i = 1, #known, 2 do
  local seen, its = string.match(known[i + 1], '^(%d+) (.*)$')
  -- Either way: a time to come was written before the clock went back.
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

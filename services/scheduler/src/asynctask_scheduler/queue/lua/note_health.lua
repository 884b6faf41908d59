-- Note how a replica is, and return what every replica noted that has not left; a live one of an older release notes
-- nothing, so its note is empty. Notes that are older than `named_ms` are deleted.
-- @keys    health replicas
-- @args    replica note fresh_ms:number named_ms:number
-- @include clock
-- @returns {{replica, ms since its note, note}...}
local now, found, noted = clock(), {}, {}
redis.call('HSET', health, replica, string.format('%.0f ', now) .. note)
local known = redis.call('HGETALL', health)
for i = 1, #known, 2 do
  local at = string.match(known[i + 1], '^(%d+) ')
  local age = now - at
  -- A time in the future was written before the clock was set back: delete it, too.
  if math.abs(age) > named_ms then
    redis.call('HDEL', health, known[i])
  else
    noted[known[i]] = true
    found[#found + 1] = {known[i], math.max(0, age), string.sub(known[i + 1], #at + 2)}
  end
end
local announced = redis.call('HGETALL', replicas)
for i = 1, #announced, 2 do
  local age = now - string.match(announced[i + 1], '^(%d+) ')
  if not noted[announced[i]] and math.abs(age) <= fresh_ms then
    found[#found + 1] = {announced[i], math.max(0, age), ''}
  end
end
return found

-- Reduce intents to their remaining task ids; delete those without any. `pairs` is entries and remaining task ids.
-- @keys    intents
-- @args    pairs...
-- @include clock
-- @returns how many are left
local now, left = clock(), 0
for i = pairs_from, #ARGV, 2 do
  local entry, remaining = ARGV[i], ARGV[i + 1]
  -- Only if it is still there: its own call may have completed and cleared it.
  if redis.call('ZREM', intents, entry) == 1 and #remaining > 0 then
    redis.call('ZADD', intents, now, string.sub(entry, 1, 10) .. remaining)
    left = left + 1
  end
end
return left

-- Note that executors live.
-- @keys    executors
-- @args    living...
-- @include clock
-- @returns how many
local now, entries = clock(), {}
for i = living_from, #ARGV do
  entries[#entries + 1] = now
  entries[#entries + 1] = ARGV[i]
end
redis.call('ZADD', executors, unpack(entries))
return #entries / 2

-- Note that executors are alive. Forgets those unseen for `forget_ms` that hold no lease, a few per call.
-- @keys    executors
-- @args    forget_ms:number living...
-- @include clock executors
-- @returns how many
local now, entries = clock(), {}
for i = living_from, #ARGV do
  entries[#entries + 1] = now
  entries[#entries + 1] = ARGV[i]
end
redis.call('ZADD', executors, unpack(entries))
forget_executors(now, forget_ms, 100)
return #entries / 2

-- Ids of the executors seen within `unseen_ms`, without their lanes, which may be many. Forgets executors unseen for
-- `forget_ms` that hold no lease, a few per call.
-- @keys    executors
-- @args    unseen_ms:number forget_ms:number
-- @include clock executors
-- @returns {{executor, ms since seen}...}
local now, found = clock(), {}
forget_executors(now, forget_ms, 100)
local seen = redis.call('ZRANGEBYSCORE', executors, now - unseen_ms, '+inf', 'WITHSCORES')
for i = 1, #seen, 2 do
  found[#found + 1] = {seen[i], now - seen[i + 1]}
end
return found

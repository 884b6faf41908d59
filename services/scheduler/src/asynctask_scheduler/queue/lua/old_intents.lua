-- Intents not looked at for a while, longest first.
-- @keys    intents
-- @args    older_ms:number limit:number
-- @include clock
-- @returns {now in ms, entry...}
local now = clock()
local found = redis.call('ZRANGEBYSCORE', intents, '-inf', now - older_ms, 'LIMIT', 0, limit)
if #found == 0 then
  -- Noted before the clock went back.
  found = redis.call('ZRANGEBYSCORE', intents, now + older_ms, '+inf', 'LIMIT', 0, limit)
end
return {now, unpack(found)}

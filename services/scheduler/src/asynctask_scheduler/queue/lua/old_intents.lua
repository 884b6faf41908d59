-- Intents that were noted or settled at least `older_ms` ago, oldest first.
-- @keys    intents
-- @args    older_ms:number limit:number
-- @include clock
-- @returns {now in ms, entry...}
local now = clock()
local found = redis.call('ZRANGEBYSCORE', intents, '-inf', now - older_ms, 'LIMIT', 0, limit)
if #found == 0 then
  -- Entries in the future were noted before the clock was set back.
  found = redis.call('ZRANGEBYSCORE', intents, now + older_ms, '+inf', 'LIMIT', 0, limit)
end
return {now, unpack(found)}

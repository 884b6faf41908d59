-- Intents not looked at for a while, longest first.
-- @keys    intents
-- @args    older_ms:number limit:number
-- @include clock
-- @returns {now in ms, entry...}
local now = clock()
return {now, unpack(redis.call('ZRANGEBYSCORE', intents, '-inf', now - older_ms, 'LIMIT', 0, limit))}

-- Remove a marker that does not name this store, and note that a rebuild is under way. Duties are free again: who had
-- done one has done it for another store. Rebuilds that began `keep_ms` ago have failed, and are forgotten.
-- @keys    rebuilds duties
-- @args    token keep_ms:number
-- @include identity clock
-- @returns the identity, or '' when the marker is right
if is_marked() then
  return ''
end
local now = clock()
redis.call('DEL', marker, duties)
redis.call('ZREMRANGEBYSCORE', rebuilds, '-inf', now - keep_ms)
-- Noted before the clock went back.
redis.call('ZREMRANGEBYSCORE', rebuilds, now + keep_ms, '+inf')
redis.call('ZADD', rebuilds, now, token)
return identity()

-- Remove a marker that does not name this store, and note that a rebuild is in progress. Duties are released: their
-- owners did them for another store. Rebuilds that began `keep_ms` ago have failed, and are deleted.
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
-- Entries in the future were noted before the clock was set back.
redis.call('ZREMRANGEBYSCORE', rebuilds, now + keep_ms, '+inf')
redis.call('ZADD', rebuilds, now, token)
return identity()

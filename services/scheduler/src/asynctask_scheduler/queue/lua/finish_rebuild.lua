-- Set the marker, unless the store has changed or was emptied since the rebuild began.
-- @keys    rebuilds
-- @args    begun_as token
-- @include identity
-- @returns 1, or 0 when it has
if redis.call('ZREM', rebuilds, token) == 0 or identity() ~= begun_as then
  return 0
end
if not is_marked() then
  redis.call('HSET', marker, 'identity', begun_as, 'token', token, 'loaded', '', 'cursor', '')
end
return 1

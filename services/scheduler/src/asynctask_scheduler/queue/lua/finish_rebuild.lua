-- Set the marker, unless the store has changed since the rebuild began.
-- @args    begun_as
-- @include identity
-- @returns 1, or 0 when it has
if identity() ~= begun_as then
  return 0
end
if not is_marked() then
  redis.call('HSET', marker, 'identity', begun_as, 'loaded', '', 'cursor', '')
end
return 1

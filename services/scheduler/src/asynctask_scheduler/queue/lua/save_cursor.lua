-- Note how far the loading of queued tasks is.
-- @args    begun_as cursor loaded
-- @include identity
-- @returns 1, or 0 when the store has changed since the rebuild began
if identity() ~= begun_as or not is_marked() then
  return 0
end
redis.call('HSET', marker, 'cursor', cursor, 'loaded', loaded)
return 1

-- Note how far the loading of queued tasks is.
-- @args    token cursor loaded
-- @include identity
-- @returns 1, or 0 when the marker came from another rebuild than the one that is being loaded
if not is_marked() or redis.call('HGET', marker, 'token') ~= token then
  return 0
end
redis.call('HSET', marker, 'cursor', cursor, 'loaded', loaded)
return 1

-- Note the progress of loading queued tasks.
-- @args    token cursor loaded
-- @include identity
-- @returns 1, or 0 if another rebuild than that of `token` set the marker
if not is_marked() or redis.call('HGET', marker, 'token') ~= token then
  return 0
end
redis.call('HSET', marker, 'cursor', cursor, 'loaded', loaded)
return 1

-- Note that an executor was asked to end, and notify the replica that holds its stream.
-- @args    executor
-- @include sessions
-- @returns 1, or 0 when it is not known
if redis.call('EXISTS', session_key(executor)) == 0 then
  return 0
end
redis.call('HSET', session_key(executor), 'draining', 1)
redis.call('PUBLISH', root .. 'drain', executor)
return 1

-- Note the slots of a session, if it is the executor's current one.
-- @args    executor session:number slots
-- @include sessions
-- @returns 1, or 0 when it is not
if session_verdict(executor, session) ~= 'ok' then
  return 0
end
redis.call('HSET', session_key(executor), 'slots', slots)
return 1

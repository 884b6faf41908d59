-- Note that the stream of a session has ended, if it is the executor's current one. An executor that `stopped` normally
-- and holds no lease is forgotten at once.
-- @args    executor session:number stopped:number
-- @include executors
-- @returns 1, or 0 when it is not
if session_verdict(executor, session) ~= 'ok' then
  return 0
end
redis.call('HSET', session_key(executor), 'connected', stopped == 1 and 'stopped' or 0)
if stopped == 1 then
  forget_unless_holding(executor)
end
return 1

-- Write a session back after a loss; the highest number wins. It drains if the caller or the store says so.
-- @keys    executors
-- @args    executor session:number info slots:number draining:number
-- @include clock sessions
-- @returns 1, or 0 when a newer one is known
if tonumber(redis.call('HGET', session_key(executor), 'number') or '0') > session then
  return 0
end
write_session(executor, session, info, slots, draining)
redis.call('ZADD', executors, clock(), executor)
return 1

-- Write a session back after a loss; the highest number wins.
-- @keys    executors
-- @args    executor session:number info slots:number draining:number
-- @include clock sessions
-- @returns 1, or 0 when a newer one is known
local key = session_key(executor)
if tonumber(redis.call('HGET', key, 'number') or '0') > session then
  return 0
end
redis.call('HSET', key, 'number', string.format('%.0f', session), 'info', info, 'slots', slots, 'connected', 1, 'draining', draining)
redis.call('ZADD', executors, clock(), executor)
return 1

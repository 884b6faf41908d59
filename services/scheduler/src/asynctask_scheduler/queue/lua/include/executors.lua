-- @keys    root executors
-- @include sessions
local function forget_unless_holding(executor)
  if redis.call('EXISTS', root .. 'held:' .. executor) == 0 then
    redis.call('DEL', session_key(executor))
    redis.call('ZREM', executors, executor)
  end
end

-- Forget executors unseen for `forget_ms` that hold no lease, at most `most`. Opening a session forgets more of them
-- than it adds, so that only the executors of the last minutes are known, however many come.
local function forget_executors(now, forget_ms, most)
  for _, executor in ipairs(redis.call('ZRANGEBYSCORE', executors, '-inf', now - forget_ms, 'LIMIT', 0, most)) do
    forget_unless_holding(executor)
  end
end

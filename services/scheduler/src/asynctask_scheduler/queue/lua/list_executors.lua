-- Executors seen within `seen_ms`, but for those that have stopped and hold nothing; forgets those unseen for
-- `forget_ms` that hold nothing, a few a call.
-- @keys    executors
-- @args    seen_ms:number forget_ms:number
-- @include clock executors
-- @returns {{executor, running, ms since seen, number, info, slots, connected, draining}...}
local now, found = clock(), {}
forget_executors(now, forget_ms, 100)
local seen = redis.call('ZRANGEBYSCORE', executors, now - seen_ms, '+inf', 'WITHSCORES')
for i = 1, #seen, 2 do
  local executor = seen[i]
  local session = redis.call('HMGET', session_key(executor), 'number', 'info', 'slots', 'connected', 'draining')
  if session[1] then
    local running = redis.call('SCARD', root .. 'held:' .. executor)
    if session[4] ~= 'stopped' or running > 0 then
      found[#found + 1] = {executor, running, now - seen[i + 1], unpack(session)}
    end
  end
end
return found

-- Describe chosen executors, without those unseen for `unseen_ms` and those that have stopped and hold no lease.
-- @keys    executors
-- @args    unseen_ms:number chosen...
-- @include clock sessions
-- @returns {{executor, running, ms since seen, number, info, slots, connected, draining}...}
local now, found = clock(), {}
for i = chosen_from, #ARGV do
  local executor = ARGV[i]
  local seen = tonumber(redis.call('ZSCORE', executors, executor) or '-inf')
  local session = redis.call('HMGET', session_key(executor), 'number', 'info', 'slots', 'connected', 'draining')
  if session[1] and seen >= now - unseen_ms then
    local running = redis.call('SCARD', root .. 'held:' .. executor)
    if session[4] ~= 'stopped' or running > 0 then
      found[#found + 1] = {executor, running, now - seen, unpack(session)}
    end
  end
end
return found

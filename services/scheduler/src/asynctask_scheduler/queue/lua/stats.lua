-- Depth of every line, and counts.
-- @keys    root standings kinds timers leases expiring intents
-- @include clock
-- @returns {now in us, timed, leases, expiring, intents, {kind, ready, running, standing of the first in line}...}
local time = redis.call('TIME')
local answer = {
  string.format('%.0f', time[1] * 1000000 + time[2]),
  redis.call('ZCARD', timers),
  redis.call('HLEN', leases),
  redis.call('ZCARD', expiring),
  redis.call('ZCARD', intents),
}
for _, kind in ipairs(redis.call('SMEMBERS', kinds)) do
  local ready, running = redis.call('ZCARD', root .. 'ready:' .. kind), redis.call('SCARD', root .. 'running:' .. kind)
  local first = redis.call('ZRANGE', root .. 'ready:' .. kind, 0, 0)[1]
  answer[#answer + 1] = {kind, ready, running, first and redis.call('HGET', standings, first) or ''}
end
return answer

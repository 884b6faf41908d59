-- Depth of some lines: a page of them a call, so that many names delay no other call.
-- @keys    root standings
-- @args    lines...
-- @include kinds
-- @returns {now in us, {kind, ready, running, standing of the first in line}...}, without lines that have nothing
local time = redis.call('TIME')
local answer = {string.format('%.0f', time[1] * 1000000 + time[2])}
for i = lines_from, #ARGV do
  local kind = ARGV[i]
  local ready, running = redis.call('ZCARD', root .. 'ready:' .. kind), redis.call('SCARD', root .. 'running:' .. kind)
  if ready + running > 0 then
    local first = redis.call('ZRANGE', root .. 'ready:' .. kind, 0, 0)[1]
    answer[#answer + 1] = {kind, ready, running, first and redis.call('HGET', standings, first) or ''}
  else
    forget_kind(kind)
  end
end
return answer

-- Depths of some lanes: one page per call, so that many lanes do not delay other calls. Without names: of all lanes,
-- unless there are more than `most`.
-- @keys    root standings timers
-- @args    most:number lanes...
-- @include lanes
-- @returns {now in us, timed, {lane, ready, running, standing of the first ready task}...}, without empty lanes;
--   an empty list if there are more than `most`
local names = {unpack(ARGV, lanes_from)}
if #names == 0 then
  if redis.call('SCARD', kinds) > most then
    return {}
  end
  names = redis.call('SMEMBERS', kinds)
end
local time = redis.call('TIME')
local answer = {string.format('%.0f', time[1] * 1000000 + time[2]), redis.call('ZCARD', timers)}
for _, lane in ipairs(names) do
  local ready, running = redis.call('ZCARD', root .. 'ready:' .. lane), redis.call('SCARD', root .. 'running:' .. lane)
  if ready + running > 0 then
    local first = redis.call('ZRANGE', root .. 'ready:' .. lane, 0, 0)[1]
    answer[#answer + 1] = {lane, ready, running, first and redis.call('HGET', standings, first) or ''}
  else
    forget_lane(lane)
  end
end
return answer

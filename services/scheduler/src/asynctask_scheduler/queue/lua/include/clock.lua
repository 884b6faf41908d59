-- Redis' clock in milliseconds: the only clock that deadlines and timers know.
local function clock()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

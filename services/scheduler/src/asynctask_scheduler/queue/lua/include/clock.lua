-- Redis' clock in milliseconds: deadlines and timers use no other clock.
local function clock()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

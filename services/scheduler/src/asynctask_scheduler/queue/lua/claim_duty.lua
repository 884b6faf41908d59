-- Take or keep a duty for a while: "until in ms, owner".
-- @keys    duties
-- @args    name owner hold_ms:number
-- @include clock
-- @returns 1, or 0 when another owner has it
local now = clock()
local taken_until, holder = string.match(redis.call('HGET', duties, name) or '', '^(%d+) (.*)$')
-- A time further ahead than a duty is held for was written before the clock was set back.
if holder and holder ~= owner and tonumber(taken_until) > now and tonumber(taken_until) <= now + hold_ms then
  return 0
end
redis.call('HSET', duties, name, string.format('%.0f %s', now + hold_ms, owner))
return 1

-- Redis' clock, and the time up to which a replica has judged deadlines.
-- @keys    reaper
-- @include clock
-- @returns {now in ms, that time in ms or -1}
local known = redis.call('HMGET', reaper, 'tick_ms', 'lag_ms')
return {clock(), known[1] and known[1] - (known[2] or 0) or -1}

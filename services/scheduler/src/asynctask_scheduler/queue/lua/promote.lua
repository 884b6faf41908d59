-- Make tasks ready that are due, and delete tombstones that are older than `remember_ms`.
-- @keys    standings
-- @args    limit:number remember_ms:number
-- @include places memory identity
-- @returns {promoted, {lane...} ready, ms until the next is due or -1}
if not is_marked() then
  return {0, {}, -1}
end
forget(now - remember_ms)
local due = redis.call('ZRANGEBYSCORE', timers, '-inf', now, 'LIMIT', 0, limit)
if #due > 0 then
  local kept = redis.call('HMGET', standings, unpack(due))
  local held = redis.call('HMGET', leases, unpack(due))
  for i = 1, #due do
    write('ZREM', timers, due[i])
    if kept[i] and byte(kept[i], 10) == TIMED and not held[i] then
      put_in_lane(due[i], score_of(kept[i]), lane_of(kept[i], TIMED))
    end
  end
end
local answer = finish(0)
local first = redis.call('ZRANGE', timers, 0, 0, 'WITHSCORES')
return {#due, answer[3], first[2] and math.max(0, math.ceil(first[2] - now)) or -1}

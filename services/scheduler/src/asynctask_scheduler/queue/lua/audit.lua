-- Compare one page of a set that limits are counted from with the leases. `part` is 'held:' or 'running:'; `name` is an
-- executor, a lane or a type.
-- @keys    root leases standings
-- @args    part name fix:number members...
-- @include records lanes
-- @returns how many members have no lease
local stray, ids = {}, {}
for i = members_from, #ARGV do
  ids[#ids + 1] = ARGV[i]
end
local held = redis.call('HMGET', leases, unpack(ids))
local kept = redis.call('HMGET', standings, unpack(ids))
for i = 1, #ids do
  local counted = false
  if held[i] then
    local executor, lane = holder_of(held[i], 2)
    if part == 'held:' then
      counted = executor == name
    else
      counted = lane == name or type_of(lane) == name
    end
  end
  if not counted and part == 'held:' and held[i] and kept[i] and byte(kept[i], 10) == LEASED then
    counted = holder_of(kept[i], 13) == name
  end
  if not counted then
    stray[#stray + 1] = ids[i]
  end
end
if fix == 1 and #stray > 0 then
  redis.call('SREM', root .. part .. name, unpack(stray))
  if part == 'running:' then
    forget_lane(name)
  end
end
return #stray

-- Keep the latest progress of attempts that hold their lease: triples of task id, attempt id, data.
-- @keys    leases progress
-- @args    notes...
-- @returns the ids of the tasks whose progress was kept
local kept, ids = {}, {}
for i = notes_from, #ARGV, 3 do
  local lease = redis.call('HGET', leases, ARGV[i])
  if lease and string.sub(lease, 2, 17) == ARGV[i + 1] then
    kept[#kept + 1] = ARGV[i]
    kept[#kept + 1] = ARGV[i + 2]
    ids[#ids + 1] = ARGV[i]
  end
end
if #kept > 0 then
  redis.call('HSET', progress, unpack(kept))
end
return ids

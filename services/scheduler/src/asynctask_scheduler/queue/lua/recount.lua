-- Find leases of a page that are missing from the sets that limits are counted from; add them if `fix` is 1.
-- @keys    root leases deadlines expiring kinds
-- @args    fix:number lease_ms:number members...
-- @include clock records
-- @returns how many were missing
local now, missed = clock(), 0
for i = members_from, #ARGV do
  local id = ARGV[i]
  local lease = redis.call('HGET', leases, id)
  if lease then
    local executor, lane = holder_of(lease, 2)
    local timed = redis.call('ZSCORE', has_flag(lease, EXPIRING) and expiring or deadlines, id)
    local counted = redis.call('SISMEMBER', root .. 'held:' .. executor, id) == 1
      and redis.call('SISMEMBER', root .. 'running:' .. lane, id) == 1
      and redis.call('SISMEMBER', root .. 'running:' .. type_of(lane), id) == 1
    if not (timed and counted) then
      missed = missed + 1
      if fix == 1 then
        redis.call('SADD', root .. 'held:' .. executor, id)
        redis.call('SADD', root .. 'running:' .. lane, id)
        redis.call('SADD', root .. 'running:' .. type_of(lane), id)
        redis.call('SADD', kinds, lane)
        if not timed then
          redis.call('ZADD', has_flag(lease, EXPIRING) and expiring or deadlines, now + lease_ms, id)
        end
      end
    end
  end
end
return missed

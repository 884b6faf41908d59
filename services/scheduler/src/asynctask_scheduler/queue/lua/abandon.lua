-- Drop leases whose attempt has ended; the kept standings of their tasks take effect.
-- @keys    standings
-- @args    lease_ms:number over...
-- @include places
-- @returns {0, leases created, {lane...} ready, {executor...} freed}
local ids = {}
for i = over_from, #ARGV do
  ids[#ids + 1] = sub(ARGV[i], 1, 16)
end
local kept = redis.call('HMGET', standings, unpack(ids))
local held = redis.call('HMGET', leases, unpack(ids))
for i = 1, #ids do
  local lease, standing = held[i], kept[i]
  if lease and sub(lease, 2, 17) == sub(ARGV[over_from + i - 1], 17) then
    drop_lease(ids[i], lease)
    -- A standing that names this attempt is older than the attempt's end: do not apply it, a newer one follows.
    if standing and not is_confirmed(lease, standing) then
      settle(ids[i], standing, byte(standing, 10), lease_ms)
    end
  end
end
return finish(0)

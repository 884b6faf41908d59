-- Versions of tasks that are nowhere or due far ahead, remembered for a while so that what comes late is known to be
-- old: hashes of task id → version, one for every five minutes, listed in `tombstones` by the time of their last write.
-- @keys    root tombstones
local BUCKET_MS = 300000

-- Version by id, for the ids that `kept` has no standing of.
local function remembered(ids, kept)
  local buckets = redis.call('ZRANGE', tombstones, 0, -1)
  local missing, versions = {}, {}
  if #buckets > 0 then
    for i = 1, #ids do
      if not kept[i] then
        missing[#missing + 1] = ids[i]
      end
    end
  end
  if #missing > 0 then
    for _, bucket in ipairs(buckets) do
      local found = redis.call('HMGET', root .. 'tombstones:' .. bucket, unpack(missing))
      for i = 1, #missing do
        if found[i] then
          local version = struct.unpack('>I8', found[i])
          local id = missing[i]
          if version > (versions[id] or -1) then
            versions[id] = version
          end
        end
      end
    end
  end
  return versions
end

local function remember(at, arguments)
  local bucket = math.floor(at / BUCKET_MS)
  redis.call('HSET', root .. 'tombstones:' .. bucket, unpack(arguments))
  redis.call('ZADD', tombstones, at, bucket)
end

local function forget(before)
  for _, bucket in ipairs(redis.call('ZRANGEBYSCORE', tombstones, '-inf', before, 'LIMIT', 0, 2)) do
    redis.call('UNLINK', root .. 'tombstones:' .. bucket)
    redis.call('ZREM', tombstones, bucket)
  end
end

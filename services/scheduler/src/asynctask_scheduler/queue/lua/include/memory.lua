-- Tombstones: versions of tasks that are nowhere, being created (0), or due far ahead. They are kept for a while, so
-- that late standings are recognized as old. Hashes of task id → standing, one per five minutes, listed in `tombstones`
-- by their last write.
-- @keys    root tombstones
local BUCKET_MS = 300000

-- Return the tombstones' versions by id, for ids without a standing in `kept`; and how many of all ids are known.
local function remembered(ids, kept)
  local missing, versions, known = {}, {}, 0
  for i = 1, #ids do
    if kept[i] then
      known = known + 1
    else
      missing[#missing + 1] = ids[i]
    end
  end
  if #missing > 0 then
    for _, bucket in ipairs(redis.call('ZRANGE', tombstones, 0, -1)) do
      local found = redis.call('HMGET', root .. 'tombstones:' .. bucket, unpack(missing))
      for i = 1, #missing do
        if found[i] then
          local version = struct.unpack('>I8', found[i])
          local id = missing[i]
          if version > (versions[id] or -1) then
            versions[id] = version
          end
          known = known + 1
        end
      end
    end
  end
  return versions, known
end

local function remember(at, arguments)
  local bucket = math.floor(at / BUCKET_MS)
  redis.call('HSET', root .. 'tombstones:' .. bucket, unpack(arguments, 1, arguments.n))
  redis.call('ZADD', tombstones, at, bucket)
end

local function forget(before)
  for _, bucket in ipairs(redis.call('ZRANGEBYSCORE', tombstones, '-inf', before, 'LIMIT', 0, 2)) do
    redis.call('UNLINK', root .. 'tombstones:' .. bucket)
    redis.call('ZREM', tombstones, bucket)
  end
end

-- The store's identity, and how far it is rebuilt.
-- @include identity
-- @returns {identity, identity that the marker names, token, loaded, cursor, eviction policy, version}
local mark = redis.call('HMGET', marker, 'identity', 'token', 'loaded', 'cursor')
local policy = string.match(redis.call('INFO', 'memory'), 'maxmemory_policy:([%w-]+)')
local version = string.match(redis.call('INFO', 'server'), 'redis_version:([%d.]+)')
return {identity(), mark[1] or '', mark[2] or '', mark[3] or '', mark[4] or '', policy or '', version or ''}

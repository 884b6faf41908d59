-- Note that a call is about to change tasks. One entry per call: time noted I6, nonce c4, task ids.
-- @keys    intents
-- @args    nonce task_ids
-- @include clock
-- @returns the entry
local now = clock()
local entry = struct.pack('>I6', now) .. nonce .. task_ids
redis.call('ZADD', intents, now, entry)
return entry

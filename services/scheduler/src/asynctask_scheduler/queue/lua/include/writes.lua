-- Gathers writes, so that a batch costs one command a key and not one a task. Within a batch each task occurs once, so
-- only the order of commands matters: removals first, since an entry may leave a key and come back to it.
local writes = {}

local function write(command, key, first, second)
  local by_key = writes[command]
  if not by_key then
    by_key = {}
    writes[command] = by_key
  end
  local arguments = by_key[key]
  if not arguments then
    arguments = {n = 0}
    by_key[key] = arguments
  end
  local n = arguments.n + 1
  arguments[n] = first
  if second then
    n = n + 1
    arguments[n] = second
  end
  arguments.n = n
end

local function flush()
  for _, command in ipairs({'ZREM', 'SREM', 'HDEL', 'ZADD', 'SADD', 'HSET'}) do
    for key, arguments in pairs(writes[command] or {}) do
      redis.call(command, key, unpack(arguments, 1, arguments.n))
    end
  end
end

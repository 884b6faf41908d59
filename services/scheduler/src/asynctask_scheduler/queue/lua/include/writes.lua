-- Gathers writes, so that a batch costs one command per key and not one per task. Each task occurs once in a batch, so
-- only the order of commands matters: removals first, since an entry may leave a key and come back to it.
local writes = {ZREM = {}, SREM = {}, HDEL = {}, ZADD = {}, SADD = {}, HSET = {}}

-- The arguments gathered for one command on one key. Callers with many entries keep the table.
local function arguments_of(command, key)
  local arguments = writes[command][key]
  if not arguments then
    arguments = {n = 0}
    writes[command][key] = arguments
  end
  return arguments
end

local function add(arguments, first, second)
  local n = arguments.n + 1
  arguments[n] = first
  if second then
    n = n + 1
    arguments[n] = second
  end
  arguments.n = n
end

local function write(command, key, first, second)
  add(arguments_of(command, key), first, second)
end

local function flush()
  for _, command in ipairs({'ZREM', 'SREM', 'HDEL', 'ZADD', 'SADD', 'HSET'}) do
    for key, arguments in pairs(writes[command]) do
      if arguments.n > 0 then
        redis.call(command, key, unpack(arguments, 1, arguments.n))
      end
    end
  end
end

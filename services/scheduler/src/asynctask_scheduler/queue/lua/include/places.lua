-- Putting tasks where their standing says, and dropping leases.
-- @keys    root leases deadlines expiring timers progress kinds limits
-- @include clock records writes hints
local now = clock()
local ready_kinds, freed_executors, touched_kinds, freed_kinds = {}, {}, {}, {}
local leases_created = 0

local function put_in_line(id, score, kind)
  write('ZADD', root .. 'ready:' .. kind, score, id)
  ready_kinds[kind] = true
  touched_kinds[kind] = true
end

local function write_lease(id, lease, deadline)
  local executor, kind = holder_of(lease, 2)
  write('HSET', leases, id, lease)
  write('ZADD', deadlines, deadline, id)
  write('SADD', root .. 'held:' .. executor, id)
  write('SADD', root .. 'running:' .. kind, id)
  touched_kinds[kind] = true
end

local function drop_lease(id, lease)
  local executor, kind = holder_of(lease, 2)
  write('HDEL', leases, id)
  write('ZREM', has_flag(lease, EXPIRING) and expiring or deadlines, id)
  write('SREM', root .. 'held:' .. executor, id)
  write('SREM', root .. 'running:' .. kind, id)
  write('HDEL', progress, id)
  freed_executors[executor] = true
  freed_kinds[kind] = true
end

-- Put a task without a lease where `standing` says.
local function settle(id, standing, lease_ms)
  local place = byte(standing, 10)
  if place == READY then
    put_in_line(id, struct.unpack('>d', standing, 13), kind_of(standing, READY))
  elseif place == TIMED then
    local score, due = struct.unpack('>dd', standing, 13)
    if due <= now then
      put_in_line(id, score, kind_of(standing, TIMED))
    else
      write('ZADD', timers, due, id)
    end
  elseif place == LEASED then
    write_lease(id, char(0) .. sub(standing, 13), now + lease_ms)
    leases_created = leases_created + 1
  end
end

local function type_of(kind)
  return sub(kind, string.find(kind, '\31', 1, true) + 1)
end

-- Where leases of a limited type ended, every line of that type may go on.
local function wake_limited()
  local limited = {}
  for kind in pairs(freed_kinds) do
    local task_type = type_of(kind)
    if redis.call('HEXISTS', limits, task_type) == 1 then
      limited[task_type] = true
    end
  end
  if next(limited) then
    for _, kind in ipairs(redis.call('SMEMBERS', kinds)) do
      if limited[type_of(kind)] then
        ready_kinds[kind] = true
      end
    end
  end
end

local function names(set)
  local list = {}
  for name in pairs(set) do
    list[#list + 1] = name
  end
  return list
end

-- Write everything, wake who waits, and answer what a change of queues answers.
local function finish(changed)
  for _, kind in ipairs(names(touched_kinds)) do
    write('SADD', kinds, kind)
  end
  flush()
  wake_limited()
  local ready = names(ready_kinds)
  if #ready > 0 then
    redis.call('PUBLISH', root .. 'wake', table.concat(ready, '\n'))
  end
  return {changed, leases_created, ready, names(freed_executors)}
end

-- Putting tasks where their standing says, and dropping leases.
-- @keys    root leases deadlines expiring timers progress kinds limits
-- @include clock records writes hints
local now = clock()
local lines, freed, leases_created = {}, {}, 0

local function put_in_line(id, score, kind)
  local line = lines[kind]
  if not line then
    line = arguments_of('ZADD', root .. 'ready:' .. kind)
    lines[kind] = line
    write('SADD', kinds, kind)
  end
  add(line, score, id)
end

local function write_lease(id, lease, deadline)
  local executor, kind = holder_of(lease, 2)
  write('HSET', leases, id, lease)
  write('ZADD', deadlines, deadline, id)
  write('SADD', root .. 'held:' .. executor, id)
  write('SADD', root .. 'running:' .. kind, id)
  write('SADD', kinds, kind)
end

local ended = arguments_of('HDEL', leases)

local function drop_lease(id, lease)
  local holder = sub(lease, 18)
  local counted = freed[holder]
  if not counted then
    local executor, kind = holder_of(lease, 2)
    counted = {
      executor = executor,
      kind = kind,
      held = arguments_of('SREM', root .. 'held:' .. executor),
      running = arguments_of('SREM', root .. 'running:' .. kind),
    }
    freed[holder] = counted
  end
  add(counted.held, id)
  add(counted.running, id)
  add(ended, id)
  if has_flag(lease, EXPIRING) then
    write('ZREM', expiring, id)
  end
end

-- Put a task without a lease where `standing` says.
local function settle(id, standing, place, lease_ms)
  if place == READY then
    put_in_line(id, score_of(standing), kind_of(standing, READY))
  elseif place == TIMED then
    local due = due_of(standing)
    if due <= now then
      put_in_line(id, score_of(standing), kind_of(standing, TIMED))
    else
      write('ZADD', timers, due, id)
    end
  elseif place == LEASED then
    write_lease(id, char(0) .. sub(standing, 13), now + lease_ms)
    leases_created = leases_created + 1
  end
end

-- Where leases of a limited type ended, every line of that type may go on.
local function limited_lines()
  local limited, found = {}, {}
  for _, counted in pairs(freed) do
    local task_type = type_of(counted.kind)
    if redis.call('HEXISTS', limits, task_type) == 1 then
      limited[task_type] = true
    end
  end
  if next(limited) then
    for _, kind in ipairs(redis.call('SMEMBERS', kinds)) do
      if limited[type_of(kind)] then
        found[#found + 1] = kind
      end
    end
  end
  return found
end

-- Write everything, wake who waits, and answer what a change of queues answers.
local function finish(changed)
  if ended.n > 0 then
    redis.call('ZREM', deadlines, unpack(ended, 1, ended.n))
    redis.call('HDEL', progress, unpack(ended, 1, ended.n))
  end
  flush()
  local ready, executors = {}, {}
  for kind in pairs(lines) do
    ready[#ready + 1] = kind
  end
  for _, kind in ipairs(limited_lines()) do
    if not lines[kind] then
      ready[#ready + 1] = kind
    end
  end
  for _, counted in pairs(freed) do
    executors[#executors + 1] = counted.executor
  end
  if #ready > 0 then
    redis.call('PUBLISH', root .. 'wake', table.concat(ready, '\n'))
  end
  return {changed, leases_created, ready, executors}
end

-- @keys    root
local function session_key(executor)
  return root .. 'session:' .. executor
end

-- Whether `session` is the executor's current one.
local function session_verdict(executor, session)
  local current = tonumber(redis.call('HGET', session_key(executor), 'number') or '-1')
  if current == session then
    return 'ok'
  end
  return current > session and 'superseded' or 'no_session'
end

-- Returns 1 if the executor drains. A request to drain is never withdrawn.
local function write_session(executor, number, info, slots, draining)
  local key = session_key(executor)
  draining = math.max(draining, tonumber(redis.call('HGET', key, 'draining') or '0'))
  redis.call('HSET', key, 'number', string.format('%.0f', number), 'info', info, 'slots', slots)
  redis.call('HSET', key, 'connected', 1, 'draining', draining)
  return draining
end

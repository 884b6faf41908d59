-- @keys    root
local function session_key(executor)
  return root .. 'session:' .. executor
end

-- Whether `session` is the executor's current one.
local function session_verdict(executor, session)
  local current = tonumber(redis.call('HGET', session_key(executor), 'number') or '0')
  if current == session then
    return 'ok'
  end
  return current > session and 'superseded' or 'no_session'
end

-- Which server this is and which history its data has; either changes when anything may have been lost.
-- Costs a few microseconds a call, so a fail-over cannot slip between a look and a pop.
-- @keys    marker
local function identity()
  local run_id = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
  local replid = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
  return run_id .. ' ' .. replid
end

local function is_marked()
  local named = redis.call('HGET', marker, 'identity')
  return named and named == identity()
end

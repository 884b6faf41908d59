-- Identifies the server and the history of its data; one of them changes when data may have been lost.
-- It takes a few microseconds, so verbs check it themselves: no fail-over can happen between the check and a pop.
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

-- The current sessions of those of the chosen executors that were asked to drain.
-- @args    chosen...
-- @include sessions
-- @returns {{executor, number}...}
local found = {}
for i = chosen_from, #ARGV do
  local session = redis.call('HMGET', session_key(ARGV[i]), 'draining', 'number')
  if session[1] == '1' then
    found[#found + 1] = {ARGV[i], session[2]}
  end
end
return found

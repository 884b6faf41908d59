-- Which of the chosen executors were asked to drain, each with its current session.
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

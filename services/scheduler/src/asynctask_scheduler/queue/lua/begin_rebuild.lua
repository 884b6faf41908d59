-- Remove a marker that does not name this store.
-- @include identity
-- @returns the identity, or '' when the marker is right
if is_marked() then
  return ''
end
redis.call('DEL', marker)
return identity()

-- Remove a marker that does not name this store, and note that a rebuild is under way. Duties are free again: who had
-- done one has done it for another store.
-- @keys    rebuilds duties
-- @args    token
-- @include identity
-- @returns the identity, or '' when the marker is right
if is_marked() then
  return ''
end
redis.call('DEL', marker, duties)
redis.call('SADD', rebuilds, token)
return identity()

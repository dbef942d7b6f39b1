-- ARGV viewer, how many messages.
-- Returns {the shard's last id, false} for whoever is not in the room, else {the shard's last id, room as JSON, published
-- (false: not), members (user, 'role since', …), variations as JSON, votes (user, variation, …), messages as thread.lua}
if not role_of(args[1]) then return {head(), false} end
local ids = call('ZRANGE', STRIP, 0, -1)
local room, published = opened()
return {head(), room, published, call('HGETALL', MEMBERS), #ids > 0 and call('HMGET', VARIATIONS, unpack(ids)) or {},
  call('HGETALL', VOTES), messages(args[1], '', args[2])}

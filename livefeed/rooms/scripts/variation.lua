-- ARGV viewer, variation id. Returns {the viewer's role (false: none), variation as JSON (false: none), how many there are,
-- published (false: not), room as JSON}
local room, published = unpack(call('HMGET', ROOM, 'room', 'published'))
return {role_of(args[1]) or false, call('HGET', VARIATIONS, args[2]), call('ZCARD', STRIP), published, room}

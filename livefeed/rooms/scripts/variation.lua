-- ARGV viewer, variation id. Returns {the viewer's role (false: none), variation as JSON (false: none), room as JSON}
return {role_of(args[1]) or false, call('HGET', VARIATIONS, args[2]), call('HGET', ROOM, 'room')}

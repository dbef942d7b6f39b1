-- keys: meta, snapshot, room, members   args: epoch, seed
-- The room tells the epoch to whoever reads it (room.lua). All of them are lost together, or not at all; of a room that
-- is gone meanwhile (it is there once it has members) nothing is begun.
-- Returns the epoch: that of the document that is there, if there is one.
local there = call('HGET', keys[1], 'epoch')
if there then return there end
if call('EXISTS', keys[4]) == 0 then return refuse('not_found', 'This room does not exist.') end
call('SET', keys[2], args[2])
call('HSET', keys[3], 'epoch', args[1])
call('HSET', keys[1], 'base', '0-0', 'snapshot_bytes', #args[2], 'tail_bytes', 0, 'tail_entries', 0, 'asked', 0, 'epoch', args[1])
return args[1]

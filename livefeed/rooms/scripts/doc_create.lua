-- keys: meta, snapshot   args: epoch, seed
-- Returns the epoch: that of the document that is there, if there is one.
local there = call('HGET', keys[1], 'epoch')
if there then return there end
call('SET', keys[2], args[2])
call('HSET', keys[1], 'base', '0-0', 'snapshot_bytes', #args[2], 'tail_bytes', 0, 'tail_entries', 0, 'asked', 0, 'epoch', args[1])
return args[1]

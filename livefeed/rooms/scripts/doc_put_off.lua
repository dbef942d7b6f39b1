-- keys: meta   args: epoch
-- Leaves a document as it is that cannot be compacted: it asks again once as much more was written as made it ask.
local meta = call('HMGET', keys[1], 'epoch', 'tail_bytes', 'tail_entries')
if meta[1] == args[1] then
  call('HSET', keys[1], 'kept_bytes', meta[2], 'kept_entries', meta[3], 'asked', 0)
end
return '1'

-- keys: meta, edits, snapshot, spoiled   args: epoch, base before, base now, snapshot, edits to keep…
-- The snapshot first, then where it reaches to, then the tail: after a failure in between, edits are there twice, which does no harm.
-- Returns '1', or '0' where somebody else was faster.
local meta = call('HMGET', keys[1], 'epoch', 'base')
if meta[1] ~= args[1] or meta[2] ~= args[2] or #call('XRANGE', keys[2], args[3], args[3]) == 0 then
  if meta[1] then call('HSET', keys[1], 'asked', 0) end
  return '0'
end
call('SET', keys[3], args[4])
call('HSET', keys[1], 'base', args[3], 'snapshot_bytes', #args[4])
local kept = {}
for i = 5, #args do kept[args[i]] = true end
for _, entry in ipairs(call('XRANGE', keys[2], '-', args[3])) do
  if not kept[entry[1]] then call('XDEL', keys[2], entry[1]) end
end
local bytes, there, entries = 0, {}, call('XRANGE', keys[2], '-', '+')
for _, entry in ipairs(entries) do
  bytes = bytes + #entry[2][2]
  there[entry[1]] = true
end
for _, member in ipairs(call('SMEMBERS', keys[4])) do
  if not there[member:match('^[^/]+')] then call('SREM', keys[4], member) end
end
-- What stays is no reason to compact again.
call('HSET', keys[1], 'tail_bytes', bytes, 'tail_entries', #entries, 'kept_bytes', bytes, 'kept_entries', #entries, 'asked', 0)
return '1'

-- Let a name be found by a beginning.   KEYS names that begin alike (sorted set, all at 0)   ARGV entry, how many there may be
-- One too many sends another away, whichever: whoever is seen again is entered again.
if call('ZADD', keys[1], 0, args[1]) == 1 and call('ZCARD', keys[1]) > tonumber(args[2]) then
  local other = call('ZRANDMEMBER', keys[1])
  if other == args[1] then other = call('ZRANGE', keys[1], 0, 1)[1] end
  call('ZREM', keys[1], other)
end
return ''

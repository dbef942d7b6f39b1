-- What rooms somebody is in, in that person's slot. KEYS shelf (sorted set: room ids by when they came in), mark of this room
-- ARGV room id, since when (ms; '' : no more), id of the event that says so, how long it is remembered in ms, how many rooms.
-- Events overtake each other on their way here: what a later one said stands.
local mark = call('GET', keys[2])
if mark then
  local ms, n = args[3]:match('(%d+)-(%d+)')
  local last_ms, last_n = mark:match('(%d+)-(%d+)')
  ms, n, last_ms, last_n = tonumber(ms), tonumber(n), tonumber(last_ms), tonumber(last_n)
  if ms < last_ms or (ms == last_ms and n < last_n) then return '' end
end
if args[2] ~= '' then
  call('ZADD', keys[1], args[2], args[1])
  call('ZREMRANGEBYRANK', keys[1], 0, -1 - tonumber(args[5]))
else
  call('ZREM', keys[1], args[1])
end
call('SET', keys[2], args[3], 'PX', args[4])
return ''

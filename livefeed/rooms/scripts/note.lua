-- ARGV room id, variation id, the variation as JSON, position at which its generation was read.
-- What was read later stands, in whatever order it comes here; what says nothing new is not told.
local id, read = args[2], args[4]
if call('HEXISTS', ROOM, 'room') == 0 then return '' end
local seen = call('HGET', SEEN, id)
if seen then
  local ms, n = read:match('(%d+)-(%d+)')
  local seen_ms, seen_n = seen:match('(%d+)-(%d+)')
  ms, n, seen_ms, seen_n = tonumber(ms), tonumber(n), tonumber(seen_ms), tonumber(seen_n)
  if ms < seen_ms or (ms == seen_ms and n <= seen_n) then return '' end
end
if call('HGET', VARIATIONS, id) ~= args[3] then
  local mark = append(1, 'room.variation', '{"variation":' .. args[3] .. '}')
  publish('room.changed', mark, '{"room":"' .. args[1] .. '"}')
  if not call('ZSCORE', STRIP, id) then
    local last = call('ZREVRANGE', STRIP, 0, 0, 'WITHSCORES')
    call('ZADD', STRIP, (tonumber(last[2]) or 0) + 1, id)
  end
  call('HSET', VARIATIONS, id, args[3])
end
call('HSET', SEEN, id, read)
return ''

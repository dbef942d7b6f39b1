-- ARGV post id, mark, event data, how long a mark stays in ms. The totals of an older event never replace newer ones.
local function numbers(id)
  local ms, n = id:match('(%d+)-(%d+)')
  return tonumber(ms), tonumber(n)
end
if is(GONE) then return '' end
local known = call('GET', MARK)
if known then
  local ms, n = numbers(args[2])
  local known_ms, known_n = numbers(known)
  if ms < known_ms or (ms == known_ms and n <= known_n) then return '' end
end
append(1, 'post.counters', args[3], args[1])
call('SET', MARK, args[2], 'PX', args[4])
return ''

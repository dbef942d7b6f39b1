-- A remix of this post is being made, or is not any more. KEYS as post.lua, then the tombstone of that generation.
-- ARGV generation, created in ms ('' : it is over), event data, how many are kept, how long the tombstone stays in ms.
local id, created, over = args[1], args[2], keys[8]
if created ~= '' then
  if alive() and call('EXISTS', over) == 0 and not call('ZSCORE', EASEL, id) then
    append(1, 'generation.created', args[3])
    call('ZADD', EASEL, created, id)
    call('ZREMRANGEBYRANK', EASEL, 0, -(tonumber(args[4]) + 1))
  end
  return ''
end
if call('ZSCORE', EASEL, id) then
  append(1, 'generation.ended', args[3])
  call('ZREM', EASEL, id)
end
call('SET', over, '1', 'PX', args[5])
return ''

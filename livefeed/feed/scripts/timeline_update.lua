-- ARGV post id, created in ms, event data, how many posts a timeline keeps, id of the event on the post's own topic,
--      '1' if the post belongs here or '0' if it has left (a tag), how long a mark stays in ms,
--      '1' if it is a remix of the person whose feed this is.
-- What came before an edit is not told after it, and a post that is too old for the timeline does not come back to it.
local id, created, here = args[1], args[2], args[6] == '1'
if is(GONE) or not newer(EDITED, args[5]) then return '' end
if call('ZSCORE', TIMELINE, id) then
  append(1, 'post.updated', args[3], nil, args[5])
elseif here then
  local oldest = call('ZRANGE', TIMELINE, 0, 0, 'WITHSCORES')[2]
  if not oldest or tonumber(created) >= tonumber(oldest) or call('ZCARD', TIMELINE) < tonumber(args[4]) then
    append(1, 'post.created', args[3], nil, args[5])
    if args[8] == '1' then add(REMIXES, created, id, args[4]) end
    add(TIMELINE, created, id, args[4])
  end
end
if not here then call('ZREM', TIMELINE, id) end
call('SET', EDITED, args[5], 'PX', args[7])
return ''

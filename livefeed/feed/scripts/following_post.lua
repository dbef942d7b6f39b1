-- ARGV post id, author, created in ms, event data, id of the event on the post's own topic, how many posts are kept.
local id, created = args[1], args[3]
if not follows(args[2]) or is(GONE) then return '' end
if not call('ZSCORE', TIMELINE, id) then
  local oldest = call('ZRANGE', TIMELINE, 0, 0, 'WITHSCORES')[2]
  if oldest and tonumber(created) < tonumber(oldest) and call('ZCARD', TIMELINE) >= tonumber(args[6]) then return '' end
  append(1, 'post.created', args[4], nil, args[5])
  add(TIMELINE, created, id, args[2], args[6])
end
call('ZREM', LIVE, id)  -- a generation's post has its id
return ''

-- ARGV post id, how long a tombstone stays in ms, id of the event on the post's own topic.
if is(GONE) then return '' end
call('ZREM', TIMELINE, args[1])
call('ZREM', LIVE, args[1])
call('ZREM', REMIXES, args[1])
call('ZREM', REMIXED, args[1])
append(1, 'post.deleted', '{"id":"' .. args[1] .. '"}', nil, args[3])
call('SET', GONE, '1', 'PX', args[2])
return ''

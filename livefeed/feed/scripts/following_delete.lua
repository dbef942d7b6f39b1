-- ARGV post id, author, how long a tombstone stays in ms, id of the event on the post's own topic.
local id = args[1]
if not follows(args[2]) or is(GONE) then return '' end
if call('ZSCORE', TIMELINE, id) or call('ZSCORE', LIVE, id) then append(1, 'post.deleted', '{"id":"' .. id .. '"}', nil, args[4]) end
call('SET', GONE, '1', 'PX', args[3])
call('ZREM', TIMELINE, id)
call('ZREM', LIVE, id)
call('HDEL', WHOSE, id)
return ''

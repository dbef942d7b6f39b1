-- ARGV generation id, author, how long a tombstone stays in ms.
if not follows(args[2]) then return '' end
call('SET', ENDED, '1', 'PX', args[3])
call('ZREM', LIVE, args[1])
if not call('ZSCORE', TIMELINE, args[1]) then call('HDEL', WHOSE, args[1]) end
return ''

-- ARGV generation id, how long a tombstone stays in ms.
call('SET', ENDED, '1', 'PX', args[2])
call('ZREM', LIVE, args[1])
return ''

-- ARGV id, how long its tombstone stays in ms.
drop(args[1])
call('UNLINK', CROWD, MARKS)
call('SET', GONE, '1', 'PX', args[2])
return ''

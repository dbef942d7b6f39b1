-- ARGV post id, author, event data, mark, how long a mark stays in ms. Older totals never replace newer ones.
if not call('ZSCORE', TIMELINE, args[1]) or not newer(MARK, args[4]) then return '' end
append(1, 'post.counters', args[3], args[1])
call('SET', MARK, args[4], 'PX', args[5])
return ''

-- ARGV post id, mark, event data, how long a mark stays in ms. The totals of an older event never replace newer ones.
if is(GONE) or not newer(MARK, args[2]) then return '' end
append(1, 'post.counters', args[3], args[1])
call('SET', MARK, args[2], 'PX', args[4])
return ''

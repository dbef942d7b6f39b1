-- ARGV post id, author, event data, mark, how long a mark stays in ms. An older caption never replaces a newer one.
if not call('ZSCORE', TIMELINE, args[1]) or not newer(EDITED, args[4]) then return '' end
append(1, 'post.updated', args[3], nil, args[4])
call('SET', EDITED, args[4], 'PX', args[5])
return ''

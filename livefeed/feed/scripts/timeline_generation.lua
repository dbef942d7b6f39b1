-- ARGV generation id, created in ms, event data, how many live generations a feed keeps,
-- id of the event on the generation's own topic.
if is(GONE) or is(ENDED) or call('ZSCORE', TIMELINE, args[1]) or call('ZSCORE', LIVE, args[1]) then return '' end
append(1, 'generation.created', args[3], nil, args[5])
add(LIVE, args[2], args[1], args[4])
return ''

-- ARGV generation id, author, created in ms, event data, id of the event on the generation's own topic, how many are kept.
local id = args[1]
if not follows(args[2]) or is(GONE) or is(ENDED) then return '' end
if call('ZSCORE', TIMELINE, id) or call('ZSCORE', LIVE, id) then return '' end
append(1, 'generation.created', args[4], nil, args[5])
add(LIVE, args[3], id, args[2], args[6])
return ''

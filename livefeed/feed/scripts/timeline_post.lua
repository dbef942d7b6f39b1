-- ARGV post id, created in ms, event data, how many posts a timeline keeps, id of the event on the post's own topic,
--      '1' if it is a remix of the person whose feed this is.
-- An edit knows better which feeds it belongs to.
if is(GONE) or is(EDITED) then return '' end
if not call('ZSCORE', TIMELINE, args[1]) then
  append(1, 'post.created', args[3], nil, args[5])
  if args[6] == '1' then add(REMIXES, args[2], args[1], args[4]) end
  add(TIMELINE, args[2], args[1], args[4])
end
call('ZREM', LIVE, args[1])  -- a generation's post has its id
return ''

-- ARGV post id, mark, event data, how long a mark stays in ms, how many remixes it has ('' : no person's feed),
--      of how many posts that is kept. The totals of an older event never replace newer ones.
if is(GONE) or not newer(MARK, args[2]) then return '' end
append(1, 'post.counters', args[3], args[1])
if args[5] == '0' then
  call('ZREM', REMIXED, args[1])
elseif args[5] ~= '' then
  add(REMIXED, args[5], args[1], args[6])
end
call('SET', MARK, args[2], 'PX', args[4])
return ''

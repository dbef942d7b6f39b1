-- A post was deleted: what its author was told of it goes. KEYS of one notification: those of its reactions.
-- ARGV post id, how long a tombstone stays in ms.
for _, id in ipairs(call('ZRANGE', NOTICES, 0, -1)) do
  if id:match('^%a+%.(%w+)') == args[1] then drop(id) end
end
call('UNLINK', CROWD, MARKS)
call('SET', GONE, '1', 'PX', args[2])
return ''

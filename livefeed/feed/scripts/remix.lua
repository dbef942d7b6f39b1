-- The parent's side of a remix. KEYS as post.lua, then the tombstone of the child in this slot.
-- ARGV parent id, child id, event data ('' : the child was deleted), how long a tombstone stays in ms.
-- Returns 'gone' if there is no such parent (any more): the child is to show nothing of it.
local child, data = args[2], args[3]
if data == '' then
  call('SET', keys[8], '1', 'PX', args[4])
  call('SREM', REMIXES, child)
elseif alive() and call('EXISTS', keys[8]) == 0 and call('SISMEMBER', REMIXES, child) == 0 then
  append(1, 'remix.created', data)
  call('SADD', REMIXES, child)
end
if not alive() then return 'gone' end
tell(args[1])
return ''

-- A post was deleted: it leaves a tombstone while something grows from it, and takes along those above that only it held.
-- ARGV root, id, how long the deleted are remembered in ms.
local root, id, keep = args[1], args[2], tonumber(args[3])
if id ~= root then
  local time = now()
  call('ZADD', FELLED, time, id)
  call('ZREMRANGEBYSCORE', FELLED, '-inf', time - keep)
  call('PEXPIRE', FELLED, keep)
end
local parent, born = place(id)
if not parent then return '' end
local bare, held, at = {}, 0, id
while parent and call('ZLEXCOUNT', TREE, '[' .. at .. ' ', '(' .. at .. '!') == held
    and (at == id or at == root or gone(at)) do
  name(bare, at, parent, born)
  bare[#bare + 1] = '+' .. at
  at, held = parent, 1
  parent, born = place(at)
end
if #bare > 0 then remove(bare) else add({'+' .. id}) end
return ''

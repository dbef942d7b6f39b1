-- keys: meta, edits, snapshot, spoiled   args: position ('' : none), bytes (0: all) of what follows it
-- A position is good if it is an edit behind the snapshot, or the one the snapshot reaches to; else the snapshot comes along.
-- Returns {epoch, base, good, snapshot, entries, complete, spoiled}, or nothing where there is no document.
local meta = call('HMGET', keys[1], 'epoch', 'base')
if not meta[1] then return {} end
local base, since = meta[2], args[1]
local function after(a, b)
  local ams, an = a:match('(%d+)-(%d+)')
  local bms, bn = b:match('(%d+)-(%d+)')
  return tonumber(ams) > tonumber(bms) or (ams == bms and tonumber(an) > tonumber(bn))
end
-- An edit that was kept from before the base proves nothing: its neighbours are gone.
local good = since ~= '' and (since == base or (after(since, base) and #call('XRANGE', keys[2], since, since) > 0))
local limit = good and tonumber(args[2]) or 0
local found, bytes, complete = {}, 0, 1
-- Without a good position all entries: those before the base are there because they wait for something.
local from = good and '(' .. since or '-'
repeat
  local page = call('XRANGE', keys[2], from, '+', 'COUNT', 64)
  for _, entry in ipairs(page) do
    if limit > 0 and #found > 0 and bytes + #entry[2][2] > limit then complete = 0 break end
    bytes = bytes + #entry[2][2]
    found[#found + 1] = entry
    from = '(' .. entry[1]
  end
until #page < 64 or complete == 0
return {meta[1], base, good and 1 or 0, good and '' or call('GET', keys[3]), found, complete, call('SMEMBERS', keys[4])}

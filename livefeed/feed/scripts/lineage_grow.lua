-- A post takes its place, and so do those above it that have none. ARGV root, then from the new post towards the root,
-- as far as the caller knows: id, parent, born, gone ('1' or '0'). Returns '' or the id of the post that must come along.
local root, count, above, members = args[1], (#args - 1) / 4, nil, {}
if place(args[2]) or call('ZSCORE', FELLED, args[2]) then return '' end
for i = 1, count do
  if args[4 * i - 2] == root or place(args[4 * i - 1]) then
    above = i
    break
  end
end
if not above then return args[4 * count - 1] end
for i = above, 1, -1 do
  local id, parent, born, deleted = unpack(args, 4 * i - 2, 4 * i + 1)
  name(members, id, id == root and '' or parent, born)
  if deleted == '1' or call('ZSCORE', FELLED, id) then members[#members + 1] = '+' .. id end
end
add(members)
return ''

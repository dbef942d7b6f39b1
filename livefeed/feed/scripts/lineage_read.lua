-- The part of a tree that is nearest to one post. ARGV how many posts, how many branches of each,
-- and either '' , how many from the post up, and from the post towards the root, as far as the tree may not know them yet:
-- id, parent, born; or the id, born and child ('' and '' : the newest) after whose branch a page goes on.
-- Returns {id, parent, born, next, …}; next: '' if no more branches, ' ' if none of them is named here,
-- else 'born child' of the oldest that is.
local budget, wide, from = tonumber(args[1]), tonumber(args[2]), args[3]
local rows, at_row, queue = {}, {}, {}

local function show(id, parent, born)
  if at_row[id] then return true end
  if budget == 0 then return false end
  budget = budget - 1
  rows[#rows + 1] = {id, parent, born, ''}
  at_row[id] = #rows
  queue[#queue + 1] = id
  return true
end

-- Show the newest branches below `after`, and say where they end.
local function spread(id, after, most)
  local found = call('ZREVRANGEBYLEX', TREE, after, '[' .. id .. ' ', 'LIMIT', 0, most + 1)
  local next = #found > 0 and ' ' or ''
  for i = 1, math.min(#found, most) do
    local born, child = found[i]:match('^%S+ (%d+) (%S+)$')
    if not show(child, id, born) then break end
    next = found[i + 1] and born .. ' ' .. child or ''
  end
  rows[at_row[id]][4] = next
end

if from ~= '' then
  local parent, born = place(from)
  if not parent then return {} end
  budget = budget + 1  -- the post itself comes along, to say what comes next
  show(from, parent, born)
  spread(from, '(' .. (args[4] == '' and from .. '!' or from .. ' ' .. args[4] .. ' ' .. args[5]), budget)
else
  local up, unplaced = tonumber(args[4]), {}
  for i = 5, #args, 3 do unplaced[args[i]] = {args[i + 1], args[i + 2]} end
  local id = args[5]
  while id ~= '' and up > 0 do
    local parent, born = place(id)
    if not parent and unplaced[id] then parent, born = unpack(unplaced[id]) end
    if not parent then break end
    show(id, parent, born)
    id, up = parent, up - 1
  end
end
local first = from ~= '' and 2 or 1
local i = first
while queue[i] do
  spread(queue[i], '(' .. queue[i] .. '!', wide)
  i = i + 1
end
local flat = {}
for _, row in ipairs(rows) do
  for _, value in ipairs(row) do flat[#flat + 1] = value end
end
return flat

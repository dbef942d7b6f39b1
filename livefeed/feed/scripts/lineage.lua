-- Put in front of the scripts of a lineage: the tree of everything that goes back to one post, its root, in that post's slot.
-- KEYS tree (sorted set, all at 0: per post '.child parent born' and 'parent born child', and '+child' if it was deleted),
--      felled (sorted set: posts that were deleted, by when in ms)
-- born: ms of the event that told of the post, 13 digits, so that the branches of one parent sort by age. One set holds
-- all, so that one command changes all that belongs together.
local TREE, FELLED = unpack(keys, 1, 2)
local AT_ONCE = 2000  -- what a command may have; only a tree that is hundreds deep needs more than one

-- The parent ('' : none, it is the root) and born of a post in the tree, or nothing.
local function place(id)
  local found = call('ZRANGEBYLEX', TREE, '[.' .. id .. ' ', '(.' .. id .. '!')[1]  -- '!' follows the space
  if found then return found:match('^%S+ (%S*) (%d+)$') end
end

local function gone(id) return call('ZSCORE', TREE, '+' .. id) end

-- What the tree holds of a post, in `members`.
local function name(members, id, parent, born)
  members[#members + 1] = '.' .. id .. ' ' .. parent .. ' ' .. born
  if parent ~= '' then members[#members + 1] = parent .. ' ' .. born .. ' ' .. id end
end

local function add(members)
  local scored = {}
  for _, member in ipairs(members) do
    scored[#scored + 1] = 0
    scored[#scored + 1] = member
  end
  for i = 1, #scored, AT_ONCE do call('ZADD', TREE, unpack(scored, i, math.min(i + AT_ONCE - 1, #scored))) end
end

local function remove(members)
  for i = 1, #members, AT_ONCE do call('ZREM', TREE, unpack(members, i, math.min(i + AT_ONCE - 1, #members))) end
end

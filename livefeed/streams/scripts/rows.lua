-- The members of a sorted set before one of them, newest first: {member, created, …}. created, id: of that one, '' and ''
-- from the newest; members of one millisecond are told apart by their names.
local function rows_before(set, created, id, limit)
  local rows = {}
  if created ~= '' then
    for _, other in ipairs(call('ZREVRANGEBYSCORE', set, created, created)) do
      if other < id and #rows < 2 * limit then
        rows[#rows + 1] = other
        rows[#rows + 1] = created
      end
    end
  end
  local older = call('ZREVRANGEBYSCORE', set, created == '' and '+inf' or '(' .. created, '-inf',
    'WITHSCORES', 'LIMIT', 0, limit - #rows / 2)
  for _, value in ipairs(older) do rows[#rows + 1] = value end
  return rows
end

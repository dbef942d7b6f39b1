-- ARGV created in ms and id of the post to go on after ('' and '' : from the newest), how many posts, how many generations.
-- Returns {the shard's last id, {post id, created, …} newest first, generation ids newest first}
local TIMELINE, LIVE = keys[1], keys[2]
local created, id, limit = args[1], args[2], tonumber(args[3])
local rows = {}
if created ~= '' then
  for _, other in ipairs(call('ZREVRANGEBYSCORE', TIMELINE, created, created)) do
    if other < id and #rows < 2 * limit then
      rows[#rows + 1] = other
      rows[#rows + 1] = created
    end
  end
end
local older = call('ZREVRANGEBYSCORE', TIMELINE, created == '' and '+inf' or '(' .. created, '-inf',
  'WITHSCORES', 'LIMIT', 0, limit - #rows / 2)
for _, value in ipairs(older) do rows[#rows + 1] = value end
return {head(), rows, call('ZREVRANGE', LIVE, 0, tonumber(args[4]) - 1)}

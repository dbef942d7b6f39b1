-- Whether somebody may have one more variation painted in a room: as a question, and inside the script that begins it.
-- ARGV who asks, how many variations a room may have, how many of them on the way at once. Returns a refusal, or nothing.
local refused = needs(args[1], ' owner editor ', 'Viewers have nothing painted: ask the owner to make you an editor.')
if refused then return refused end
if call('HEXISTS', ROOM, 'published') == 1 then
  return refuse('conflict', 'This room has published its picture; open another one to go on.')
end
if call('ZCARD', STRIP) >= tonumber(args[2]) then
  return refuse('conflict', 'This room has ' .. args[2] .. ' variations, as many as one may; open another one to go on.')
end
local waiting = 0
for _, variation in ipairs(call('HVALS', VARIATIONS)) do
  if variation:find('"state":"queued"', 1, true) or variation:find('"state":"running"', 1, true) then waiting = waiting + 1 end
end
if waiting >= tonumber(args[3]) then
  return refuse('conflict', 'This room has ' .. args[3] .. ' variations on the way, as many as one may at once; wait for one of them.')
end

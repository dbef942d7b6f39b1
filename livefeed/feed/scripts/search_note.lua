-- What a post is to be found by, in the post's slot.
-- KEYS note (hash: `mark`, id of the last event taken; `words`; `was`, words it was found by before), shelf (sorted set:
--      posts that are found, by when they were created)
-- ARGV post, mark ('' : it makes room for others), words ('' : it is found no more), created in ms, how many posts are found,
--      how long the note of one that is not found stays in ms, how many former words are remembered.
-- An older event changes nothing. Returns lines: words, former words, posts that must make room.
local NOTE, SHELF = unpack(keys, 1, 2)
local mark, words = args[2], args[3]
local now_are, was = unpack(call('HMGET', NOTE, 'words', 'was'))
if mark == '' or is_newer(call('HGET', NOTE, 'mark'), mark) then
  local found, former, count = {}, {}, 0
  for word in words:gmatch('%S+') do found[word] = true end
  for word in ((now_are or '') .. ' ' .. (was or '')):gmatch('%S+') do
    if not found[word] and count < tonumber(args[7]) then
      found[word] = true
      count = count + 1
      former[count] = word
    end
  end
  now_are, was = words, table.concat(former, ' ')
  if words == '' then call('ZREM', SHELF, args[1]) else call('ZADD', SHELF, args[4], args[1]) end
  call('HSET', NOTE, 'words', now_are, 'was', was)
  if words == '' then call('PEXPIRE', NOTE, args[6]) else call('PERSIST', NOTE) end
  if mark ~= '' then call('HSET', NOTE, 'mark', mark) end
end
local over = call('ZCARD', SHELF) - tonumber(args[5])
local late = over > 0 and call('ZRANGE', SHELF, 0, math.min(over, 8) - 1) or {}
return (now_are or '') .. '\n' .. (was or '') .. '\n' .. table.concat(late, ' ')

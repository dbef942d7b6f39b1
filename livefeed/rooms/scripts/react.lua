-- ARGV user, message id, emoji, '1' to set or '0' to unset, how many different emojis a message may have.
-- Returns {"reactions": {emoji: n}, "mine": [emoji]}. The totals come last, so that a repeat completes what broke.
local user, id, emoji, on = args[1], args[2], args[3], args[4] == '1'
if not role_of(user) then return no_room() end
if not call('ZSCORE', THREAD, id) then return refuse('not_found', 'There is no such message in this room.') end
local told = call('HGET', TOTALS, id) or '{}'
local counts, different = cjson.decode(told), 0
for _ in pairs(counts) do different = different + 1 end
if on and not counts[emoji] and different >= tonumber(args[5]) then
  return refuse('conflict', 'This message has ' .. args[5] .. ' different reactions already; choose one of them.')
end
local prefix = id .. ' ' .. emoji
if on then
  call('ZADD', REACTIONS, 0, prefix .. ' ' .. user)
else
  call('ZREM', REACTIONS, prefix .. ' ' .. user)
end
local users = call('ZLEXCOUNT', REACTIONS, '[' .. prefix .. ' ', '(' .. prefix .. '!')  -- '!' follows the space
counts[emoji] = users > 0 and users or nil
local emojis, mine = {}, {}
for known in pairs(counts) do emojis[#emojis + 1] = known end
table.sort(emojis)
for i, known in ipairs(emojis) do
  if call('ZSCORE', REACTIONS, id .. ' ' .. known .. ' ' .. user) then mine[#mine + 1] = '"' .. known .. '"' end
  emojis[i] = string.format('"%s":%d', known, counts[known])
end
local totals = '{' .. table.concat(emojis, ',') .. '}'
if totals ~= told then
  local message = call('HGET', MESSAGES, id)
  append(1, 'room.message', '{"message":' .. message:sub(1, -2) .. ',"reactions":' .. totals .. '}}')
  call('HSET', TOTALS, id, totals)
end
return '{"reactions":' .. totals .. ',"mine":[' .. table.concat(mine, ',') .. ']}'

-- KEYS the words that begin alike, the name of a word's key without the word.
-- ARGV beginning, how many words are looked at, how many are wanted.  Returns those that most posts have.
local found = call('ZRANGEBYLEX', keys[1], '[' .. args[1], '[' .. args[1] .. '\255', 'LIMIT', 0, args[2])
local posts = {}
for _, word in ipairs(found) do posts[word] = call('ZCARD', keys[2] .. word) end
table.sort(found, function(one, other) return posts[one] > posts[other] or (posts[one] == posts[other] and one < other) end)
return {unpack(found, 1, tonumber(args[3]))}

-- KEYS for each word: the word (sorted set: posts by when they were created), the words that begin as it does (all at 0).
-- ARGV post, created in ms, how many posts a word has, how many words begin alike, then for each: the word and '1' or '0'
-- (the post is found by it no more). Words that nobody looks up by their beginning ('@…') are in no list.
for i = 1, #keys, 2 do
  local posts, alike, word = keys[i], keys[i + 1], args[i + 4]
  if args[i + 5] == '1' then
    call('ZADD', posts, args[2], args[1])
    call('ZREMRANGEBYRANK', posts, 0, -(tonumber(args[3]) + 1))
    if word:sub(1, 1) ~= '@' and call('ZCARD', alike) < tonumber(args[4]) then call('ZADD', alike, 0, word) end
  else
    call('ZREM', posts, args[1])
    if call('EXISTS', posts) == 0 then call('ZREM', alike, word) end
  end
end
return ''

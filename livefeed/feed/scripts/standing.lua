-- KEYS of a person: followers, following, timeline, remixes, remixed, liked.
-- Returns {how many follow them, how many they follow, their pictures, those of them that are remixes, how often all
-- of them were remixed, how many pictures they react to}
local remixed, rows = 0, call('ZRANGE', keys[5], 0, -1, 'WITHSCORES')
for i = 2, #rows, 2 do remixed = remixed + tonumber(rows[i]) end
return {call('ZCARD', keys[1]), call('ZCARD', keys[2]), call('ZCARD', keys[3]), call('ZCARD', keys[4]), remixed,
  call('ZCARD', keys[6])}

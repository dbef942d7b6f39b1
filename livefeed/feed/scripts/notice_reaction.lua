-- Reactions to one post are one notification, which counts people. KEYS of one notification: theirs.
-- ARGV id, post, person, '1' or '0' (no more), mark, the person as JSON, how many notifications are kept,
--      how many people are counted, how long they are remembered in ms.
-- It is told when it is new, or was read, or when a number that people notice is reached.
local id, who, on, mark = args[1], args[3], args[4] == '1', args[5]
local NOTICED = ' 1 2 3 5 10 20 50 100 200 500 1000 '
if is_gone() then return '' end
local known = call('HGET', MARKS, who)
if not is_newer(known, mark) or (not known and call('HLEN', MARKS) >= tonumber(args[8])) then return '' end
if on then call('ZADD', CROWD, mark:match('%d+'), who) else call('ZREM', CROWD, who) end
local people = call('ZCARD', CROWD)
if people == 0 then
  drop(id)
else
  local function body(actors, time)
    return string.format('{"id":"%s","kind":"reaction","actors":[%s],"people":%d,"post":"%s","time":%s}',
      id, actors, people, args[2], time)
  end
  local actors, time = {}, call('ZSCORE', NOTICES, id)
  for i, actor in ipairs(call('ZREVRANGE', CROWD, 0, 2)) do
    actors[i] = '{"id":"' .. actor .. '","handle":"","avatar":""}'
  end
  if on then
    local anew = not time or tonumber(time) <= read_until()
    time = stamp()
    if anew or NOTICED:find(' ' .. people .. ' ', 1, true) then told(id, body(args[6], time)) end
  end
  if time then keep(id, string.format('%.0f', time), body(table.concat(actors, ','), string.format('%.0f', time)), args[7]) end
end
call('HSET', MARKS, who, mark)
call('PEXPIRE', CROWD, args[9])
call('PEXPIRE', MARKS, args[9])
return ''

-- Put in front of the scripts of whoever holds a claim. keys[1]: generation   args[1]: token, args[2]: ' state state '
-- fenced() tells why the caller may not write: 'gone' (no such generation), 'over' (its state accepts this no more),
-- 'stale' (a later claim has written, or the generation went back into the line since); nil if it may.
local state, token, sealed = unpack(call('HMGET', keys[1], 'state', 'token', 'sealed'))
local function fenced()
  if not state then return 'gone' end
  if token and tonumber(token) > tonumber(args[1]) then return 'stale' end
  if sealed and tonumber(sealed) >= tonumber(args[1]) then return 'stale' end
  if not args[2]:find(' ' .. state .. ' ', 1, true) then return 'over' end
  return nil
end

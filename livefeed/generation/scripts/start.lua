-- args: token, states, event, life_ms.  Returns 'ok <previews told of so far> <document>' or why not; 'late' if it should
-- have started by now.
-- The token is stored last: with it, this claim's start is complete and a repeat changes nothing.
local why = fenced()
if why then return why end
if token ~= args[1] then
  local due = not token and call('HGET', keys[1], 'due')
  if due and now() > tonumber(due) then return 'late' end
  append(1, 'generation.started', args[3])
  append(1, 'generation.place', '{"place":0,"eta_s":null}', 'generation.place')
  call('HDEL', keys[1], 'step', 'place', 'eta_s')
  call('PEXPIRE', keys[1], args[4])
  call('HSET', keys[1], 'state', 'running', 'token', args[1])
end
local previews, document = unpack(call('HMGET', keys[1], 'previews', 'document'))
return 'ok ' .. (previews or '0') .. ' ' .. document

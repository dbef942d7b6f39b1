-- topics: generation   keys: generation
-- args: event, queue entry, life_ms, retry, steps.  A failed generation begins another life in the line.
-- The state is stored last, and the life with it: a repeat before that writes the same again.
local state, token = unpack(call('HMGET', keys[1], 'state', 'token'))
if not state then return 'gone' end
if state == 'queued' then return 'ok' end
if state ~= 'failed' then return 'over' end
local mark = append(1, 'generation.queued', args[1])
append(1, 'generation.progress', string.format('{"step":0,"steps":%d,"eta_s":null}', args[5]), 'generation.progress')
local entry, life = in_life(args[2], 1)
publish('generation.queued', mark, entry)
call('PEXPIRE', keys[1], args[3])
call('HDEL', keys[1], 'step', 'preview', 'place', 'eta_s', 'error', 'due')
call('HSET', keys[1], 'retry', args[4], 'sealed', token or 0, 'life', life, 'state', 'queued')
return 'ok'

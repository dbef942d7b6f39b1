-- topics: generation   keys: generation
-- args: token, states, event, steps, retry.  Whoever had the claim `token` has it no more; from here on it writes nothing.
-- The state is stored last: with it everything is done, and the same claim may repeat this without effect.
if state == 'queued' and sealed == args[1] then return 'ok' end
local why = fenced()
if why then return why end
append(1, 'generation.queued', args[3])
append(1, 'generation.progress', string.format('{"step":0,"steps":%d,"eta_s":null}', args[4]), 'generation.progress')
call('HDEL', keys[1], 'step', 'preview', 'place', 'eta_s')
call('HSET', keys[1], 'retry', args[5], 'sealed', args[1], 'state', 'queued')
return 'ok'

-- keys: generation, preview, previous preview
-- args: token, states, step, progress, preview ('' : none), its bytes, how long they live in ms
-- The preview goes first: while a server fetches its bytes the progress behind it waits, and both leave in one frame.
-- Its previews are counted over all attempts: `previews`. Only the newest is kept; the one before it lives on for those who were told of it a moment ago.
local why = fenced()
if why then return why end
if args[5] ~= '' then
  call('PEXPIRE', keys[3], 10000)
  call('SET', keys[2], args[6], 'PX', args[7])
  call('HINCRBY', keys[1], 'previews', 1)
  append(1, 'generation.preview', args[5], 'generation.preview')
  call('HSET', keys[1], 'preview', args[3])
end
append(1, 'generation.progress', args[4], 'generation.progress')
call('HSET', keys[1], 'step', args[3])
return 'ok'

-- keys: meta, edits, spoiled   args: entry id, index in it
-- Marks an update that cannot be applied: everybody passes over it from now on.
if #call('XRANGE', keys[2], args[1], args[1]) > 0 then call('SADD', keys[3], args[1] .. '/' .. args[2]) end
return '1'

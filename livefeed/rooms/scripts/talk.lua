-- ARGV viewer, number to stay below ('' : none), limit.
-- Returns {the shard's last id, messages as thread.lua (false: not theirs to see)}
if not role_of(args[1]) then return {head(), false} end
return {head(), messages(args[1], args[2], args[3])}

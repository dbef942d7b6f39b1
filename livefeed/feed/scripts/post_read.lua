-- ARGV viewer ('' : nobody). Returns {the shard's last id, post (false: not there), the viewer's reactions}
local post = alive()
if not post then return {head(), false, '[]'} end
return {head(), shown(post), mine(args[1])}

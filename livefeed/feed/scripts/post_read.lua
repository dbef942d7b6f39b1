-- ARGV viewer ('' : nobody). Returns {the shard's last id, post (false: not there), the viewer's reactions}
local post = alive()
if not post then return {head(), false, '[]'} end
return {head(), post:sub(1, -2) .. ',' .. totals() .. '}', mine(args[1])}

-- Returns {post (false: not there), id of the event that told of it}
local post = alive()
if not post then return {false, ''} end
return {post:sub(1, -2) .. ',' .. totals() .. '}', call('HGET', POST, 'event') or ''}

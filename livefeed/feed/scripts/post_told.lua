-- Returns {post (false: not there), id of the event that told of it}
local post = alive()
if not post then return {false, ''} end
return {shown(post), call('HGET', POST, 'event') or ''}

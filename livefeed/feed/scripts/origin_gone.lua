-- The picture that this post was made from was deleted: nothing of it is shown from here on.
local post = alive()
local origin, tags = unpack(call('HMGET', POST, 'origin', 'tags'))
if not post or not origin then return '' end
local seen = post:sub(1, -2) .. ',' .. totals() .. '}'
local event = append(1, 'post.updated', '{"post":' .. seen .. '}')
publish('post.updated', event, '{"post":' .. seen .. ',"was":' .. tags .. '}')
call('HDEL', POST, 'origin')
return ''

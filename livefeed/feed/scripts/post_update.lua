-- ARGV user, the post's JSON as it is, as it is to be without `edited` and its closing brace, its tags as they are to be.
-- Returns the post as JSON. What feeds learn names the tags that it had (`was`), so that it leaves those it has no more.
local post, gone, author, tags = unpack(call('HMGET', POST, 'post', 'gone', 'author', 'tags'))
if gone or not post then return refuse('not_found', 'This picture does not exist, or it was deleted.') end
if author ~= args[1] then return refuse('forbidden', 'Only its author can change what a picture says.') end
if post ~= args[2] then
  return refuse('conflict', 'This picture was changed at the same moment; look at it and try again.')
end
local new = args[3] .. string.format(',"edited":%.0f}', now())
local seen = shown(new)
local event = append(1, 'post.updated', '{"post":' .. seen .. '}')
publish('post.updated', event, '{"post":' .. seen .. ',"was":' .. tags .. '}')
call('HSET', POST, 'post', new, 'tags', args[4])
return seen

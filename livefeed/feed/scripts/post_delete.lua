-- ARGV post id, user, how long the tombstone stays in ms. What is left behind keeps the post from being created again,
-- and says where remixes that are still being painted belong; its remixes are there until all have let go of it.
local post, event, author, tags, parent = unpack(call('HMGET', POST, 'post', 'gone', 'author', 'tags', 'parent'))
if event and not post and author == args[2] then return '' end
if not post then return refuse('not_found', 'This picture does not exist, or it was deleted.') end
if author ~= args[2] then return refuse('forbidden', 'Only its author can delete a picture.') end
local id = '{"id":"' .. args[1] .. '"'
if not event then
  event = append(1, 'post.deleted', id .. '}')
  call('HSET', POST, 'gone', event)
end
local credited = {}
for i, user in ipairs(cjson.decode(post).credits or {}) do credited[i] = user.id end
publish('post.deleted', event, id .. ',"author":' .. cjson.encode(author) .. ',"tags":' .. tags
  .. (parent ~= '' and ',"parent":"' .. parent .. '"' or '')
  .. (#credited > 0 and ',"credited":' .. cjson.encode(credited) or '') .. '}')
call('UNLINK', TOTALS, REACTIONS, COMMENTS, THREAD, EASEL)
call('PEXPIRE', REMIXES, args[3])
call('PEXPIRE', POST, args[3])
call('HDEL', POST, 'post', 'tags', 'made', 'told', 'origin')
return ''

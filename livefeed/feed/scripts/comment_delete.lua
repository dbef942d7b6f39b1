-- ARGV post id, comment id, user. Its replies stay: they are others' words.
local id = args[2]
local stored = alive() and call('HGET', COMMENTS, id)
local comment = stored and cjson.decode(stored)
local own = comment and comment.author.id == args[3]
if own and comment.deleted then return '' end
if not comment or comment.deleted then
  return refuse('not_found', 'This comment does not exist, or it was deleted.')
elseif not own then
  return refuse('forbidden', 'Only its author can delete a comment.')
end
call('ZREM', THREAD, id)
local event = append(1, 'comment.deleted', '{"id":"' .. id .. '"}')
publish('comment.deleted', event, concerning(stored, comment.parent or ''))
tell(args[1])
-- Last: until then a repeat completes what broke. What is left keeps it from being created again, and says whether it
-- can be replied to.
call('HSET', COMMENTS, id, cjson.encode({deleted = true, author = {id = args[3]}, parent = comment.parent}))
return ''

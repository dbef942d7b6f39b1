-- ARGV post id, comment id, the comment's JSON without `created` and its closing brace,
--      parent ('' : none; one that was deleted keeps its place).
-- Returns the comment as JSON.
local id, parent = args[2], args[4]
local answered = parent
if not alive() then return refuse('not_found', 'This picture does not exist, or it was deleted.') end
if not call('ZSCORE', THREAD, id) then
  local stored = call('HGET', COMMENTS, id)
  if stored and cjson.decode(stored).deleted then return refuse('not_found', 'This comment was deleted.') end
  if parent ~= '' then
    local above = call('HGET', COMMENTS, parent)
    if not above then
      return refuse('bad_request', 'The comment to reply to is not on this picture.')
    elseif cjson.decode(above).parent then
      return refuse('bad_request', 'Replies have no replies of their own: reply to the comment above.')
    end
    -- The talk under a comment goes on without it; whoever took it away is told of no answer.
    if not call('ZSCORE', THREAD, parent) then answered = '' end
  end
  local comment = args[3] .. string.format(',"created":%.0f}', now())
  call('HSET', COMMENTS, id, comment)
  local event = append(1, 'comment.created', '{"comment":' .. comment .. '}')
  publish('comment.created', event, concerning(comment, answered))
  -- Numbers rise with the stream: what the thread's order says is the order of the events.
  local last = call('ZREVRANGE', THREAD, 0, 0, 'WITHSCORES')
  call('ZADD', THREAD, (tonumber(last[2]) or 0) + 1, id)
end
tell(args[1])
return call('HGET', COMMENTS, id)

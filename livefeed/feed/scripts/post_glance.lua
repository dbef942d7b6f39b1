-- ARGV ids of comments.  Returns {post (false: not there), comments (false: never there)}
return {alive(), #args > 0 and call('HMGET', COMMENTS, unpack(args)) or {}}

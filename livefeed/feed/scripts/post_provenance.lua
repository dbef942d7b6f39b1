-- Returns {post (false: not there), how it was made (JSON; '' or false: not here)}
return {alive(), call('HGET', POST, 'made')}

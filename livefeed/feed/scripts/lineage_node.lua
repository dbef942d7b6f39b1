-- Returns {the shard's last id, post (false: not there), how many remixes, id of the event that told of it}
return {head(), alive(), call('SCARD', REMIXES), call('HGET', POST, 'event')}

-- KEYS followers, following.  Returns {how many follow the person, how many the person follows}
return {call('ZCARD', keys[1]), call('ZCARD', keys[2])}

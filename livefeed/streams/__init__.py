"""Redis Streams as the backbone: append, page, follow, outbox, work; and the embedded store.

Nothing in here knows what a post is: a domain hands its Lua body to `Streams.commit`.
"""

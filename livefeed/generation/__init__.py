"""Pictures in the making: jobs, their queue, the workers that paint, the generators they use.

`service.Generations` is what the server calls, `worker.Worker` what a worker process runs, and
`projection.QueueProjection` carries jobs between the shards they live in and the queue.
"""

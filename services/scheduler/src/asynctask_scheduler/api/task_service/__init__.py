"""TaskService: everything that an application asks of tasks. Each method checks, makes one call inwards, and answers.

- `submit_methods`   taking tasks in
- `read_methods`     tasks, attempts, events, logs and manifests, in pages
- `watch_methods`    changes, progress and log lines as they come
- `command_methods`  what people and programs do to tasks
"""

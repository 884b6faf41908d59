"""TaskService: the calls of applications. Each method checks, makes one call inwards, and answers.

- `submit_methods`   submits
- `read_methods`     tasks, attempts, events, logs and manifests, in pages
- `search_methods`   texts in logs and manifests, as they are found
- `watch_methods`    changes, progress and log lines as they come
- `command_methods`  commands to tasks: pause, resume, cancel, restart, delete, update
"""

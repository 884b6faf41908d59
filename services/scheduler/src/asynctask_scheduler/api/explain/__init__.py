"""ExplainTask: why a task does not run now.

- `explainer`       collects the facts (the task, its place in Redis, what the next pop takes), and chooses the reasons
- `able_executors`  the executors that could run it
- `reasons`         the facts as reasons, each with a sentence for people
"""

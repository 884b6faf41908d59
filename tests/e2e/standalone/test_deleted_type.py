"""What becomes of the tasks of a type that is deleted, and of the executor that declared it."""

from tests.e2e.standalone.running import Up, executor


def test_tasks_of_a_deleted_type_can_be_read_and_are_restarted_once_the_type_is_back(cluster: Up):
    """Fails when a restart blames an argument of the command, or `executors` shows the type as one that is run."""
    with executor(cluster, target="seldom_run"):
        tasks = [cluster.submit("seldom") for _ in range(2)]
        for task_id in tasks:
            cluster.until(task_id, "completed")
        assert "stays connected, and runs no task of it" in cluster.cli("types", "seldom", "--delete").stdout
        assert "  seldom (deleted)  " in cluster.cli("executors").stdout
        for command in ("get", "items", "attempts", "logs", "events", "watch"):
            cluster.cli(command, tasks[0])
        cluster.cli("update", tasks[0], "--label", "a=b")
        for command in ("pause", "resume", "cancel"):
            assert "it is completed" in cluster.cli(command, tasks[0], exit_code=4).stderr
        for options in ((), ("--from-checkpoint",)):
            said = cluster.cli("restart", *tasks, *options, exit_code=4).stderr.splitlines()
            for task_id, line in zip(tasks, said[::2], strict=True):
                assert line.startswith(
                    f"error TASK_TYPE_DELETED: task {task_id} cannot be restarted: its task type 'sel"
                )
            assert "start one with" in said[1]
        refused = cluster.refusal("submit", "seldom", exit_code=2)
        assert refused["reason"] == "UNKNOWN_TASK_TYPE"
    with executor(cluster, target="seldom_run"):
        cluster.cli("restart", *tasks)
        for task_id in tasks:
            cluster.until(task_id, "completed")
        assert "(deleted)" not in cluster.cli("executors").stdout
    cluster.cli("delete", *tasks)

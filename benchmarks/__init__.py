"""How fast AsyncTask is on this machine, and where its time goes: `./dev bench`.

    __main__   the command line: which measures, in which order, table and JSON
    figures    every figure: its key, unit, target and description
    table      plain text out of figures
    cluster    real stores, a registry, a scheduler and two executors as processes of their own, on free ports
    executor   the program of such an executor process; `work` are its task types, `probes` the lines that it prints
    seed       tasks put into Postgres by COPY, as if they had been submitted long ago
    http       requests and event streams, for REST
    redis_link the benchmark's own calls to Redis; `waiting`, `processes`: programs, and waiting for them
    environment  the environments of other programs, installed when they are needed
    usage      processor time and memory of each process tree, from /proc
    window     finished tasks and processor time between two instants
    measures/  one module for each measure
    sampling   `--profile PART`: stacks of one process while it works
    machine    cores, load and disk, to show beside the figures
    floor      a reference program in the same hour, for a ratio
    registry_hot_path  the registry and Postgres alone, for work on their SQL
    large/     fills a cluster with a million tasks, a long log and a long manifest
    pages/     times the console and its lists on them
    peers/     other task queues with the same work, in environments of their own

Every task takes the full path of a user's task: nothing is switched off for a better number.
"""

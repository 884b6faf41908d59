"""Ready-made storage work for AsyncTask: `backup_file`, an incremental backup between two mounted folders.

    asynctask executor asynctask_nas:backup_file
    asynctask submit backup_file --config '{"source_path": "/mnt/a", "destination_path": "/mnt/b"}'

The modules, in the order in which a backup visits them:

    backup       the task type and its stages: compare, prepare, transfer, verify
    results      what each stage passes to the next
    assembling   objects that the stages use
    config       the task's config               exclude      the patterns of what to leave out
    glob         one pattern, read as git does   holes        where a file has content
    holding      both roots, open around a stage roots        are the open roots still the same folders?
    mounts       the table of mounts             identity     recognises a folder of a file system
    marker       the destination's record of its source
    remembered   this machine's record of destinations
    missing      messages when something is not mounted
    untold       systems that do not tell mounts automounts   what is mounted on demand
    unflushed    files that may not be on storage
    places       are both folders there and apart?
    capabilities what can the destination keep?  names        which names does it take?
    holds        what that means for a copy      inner        file systems that are mounted inside it
    left_out     what does it not keep?
    entries      what is at a path               paths        relative paths
    tree         one side, reached folder by folder, never through a link
    walk         two trees side by side          sides        one folder of both
    glance       files that did not change       new_files    files that only the source has
    working_folder  a working directory for one thread
    extras       what only the destination has
    attribute_trials  which extended attributes does it take?
    attributes   owner, mode, times              compare      what has to change
    share        is it plausible that so much is extra?
    changes      one change, in the manifest     order        in which order (phases 1 to 5)
    phases       which changes may run at once   order_on_disk   the order of very many changes
    planning     the list for the transfer       space        does it fit?
    transfer     a few items at once, marked when durable
    crew         on how many threads             ahead        reading a manifest ahead
    tally        the progress
    perform      one item                        copy         one file, resumed in its middle
    small        small files in few calls        small_copies for several threads at once
    copy_process in processes of their own       copy_child   the program of those processes
    unnamed_files  files that get a name when they are complete
    new_folders  made with their first files     begun_folders  by one thread each
    links        symbolic and hard links         destination  writing below a folder without loss
    leftovers    unfinished files of other tasks making_room  removes them first if space is short
    opened       folders that refuse even their owner
    refused      does a folder refuse us?
    throttle     the bandwidth limit             pace         stopping within a tenth of a second
    looks        checks for a stop in long work
    listed_names the names of one folder, folded
    durable      flushes many files at once      verify       does the copy equal the source?
    verify_steps which entries to verify
    verifying    the stage that verifies         repair       copies what differs once more
    position     the stages' checkpoints         words        counts, sizes and paths for people
    failing      messages when a file system fails
    warned       the warnings of a backup     notes        results of items that need a word
    telling      the lines of its log when a stage begins or ends
    contents     two open files side by side, without their common holes
    executor     a ready-made executor

Made for Linux; on macOS it works without holes, extended attributes and one flush for many files. Windows is not
supported.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asynctask_nas.backup import backup_file
    from asynctask_nas.config import BackupConfig

__all__ = ["BackupConfig", "backup_file"]


def __getattr__(name: str) -> Any:
    # Loaded at first use: a process that copies small files does not need the SDK.
    if name == "backup_file":
        from asynctask_nas.backup import backup_file

        return backup_file
    if name == "BackupConfig":
        from asynctask_nas.config import BackupConfig

        return BackupConfig
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

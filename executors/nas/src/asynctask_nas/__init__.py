"""Ready-made storage work for AsyncTask: `backup_file`, an incremental backup between two mounted folders.

    asynctask executor asynctask_nas:backup_file
    asynctask submit backup_file --config '{"source_path": "/mnt/a", "destination_path": "/mnt/b"}'

The modules, in the order in which a backup visits them:

    backup       the task type and its stages: compare, prepare, transfer, verify
    results      what each stage hands to the next
    assembling   what the stages work with
    config       what a backup is told           exclude      what it leaves out
    glob         one pattern, read as git does   holes        where a file has content
    holding      both roots, around each stage   roots        held open and watched: still the same?
    mounts       what is mounted where           identity     which folder of which file system
    marker       what the destination knows of its source
    remembered   what this machine knows of destinations
    missing      what is said when something is not mounted
    untold       where the system does not tell  automounts   what is mounted on demand
    unflushed    what may not have reached storage
    places       are both folders there and apart?
    capabilities what can the destination hold?  names        how does it take names?
    holds        what that means for a copy      inner        and what is mounted inside it?
    left_out     what does it not keep?
    entries      what is at a path               paths        relative paths
    tree         one side, reached folder by folder, never through a link
    walk         two trees side by side          sides        one folder of both
    glance       files that did not change       new_files    files that only the source has
    working_folder  a working directory for one thread
    extras       what only the destination has
    attribute_trials  which extended attributes does it take?
    attributes   owner, mode, times              compare      what has to change
    share        is it believable that so much is extra?
    changes      one change, in the manifest     order        in which order (phases 1 to 5)
    phases       what may be made at once        order_on_disk   the order of very many changes
    planning     the list for the transfer       space        does it fit?
    transfer     a few items at once, marked when durable
    crew         on how many threads             ahead        reading a manifest ahead
    tally        how far is it?
    tally        how far is it?
    perform      one item                        copy         one file, resumed in its middle
    small        small files in few calls        small_copies for several threads at once
    copy_process by processes of their own       copy_child   what runs in those
    unnamed_files  named when they are complete
    new_folders  made with their first files     begun_folders  by one thread each
    links        symbolic and hard links         destination  writing below a folder, nothing lost
    leftovers    unfinished files of other tasks making_room  those first, where nothing fits
    opened       folders that are closed to their owner
    refused      does a folder refuse us?
    throttle     the bandwidth limit             pace         stopping within a tenth of a second
    looks        looking for a stop in long work
    listed_names the names of one folder, folded
    durable      many files flushed at once      verify       is the copy what the source is?
    verify_steps what it asks that of
    verifying    the stage that asks so          repair       what differs is copied once more
    position     the stages' checkpoints         words        counts, sizes and paths for people
    failing      what is said when a file system fails
    executor     a ready-made executor

Linux first: holes, extended attributes and one flush for many files are used where the system has them, and macOS
does without. Windows is not supported.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asynctask_nas.backup import backup_file
    from asynctask_nas.config import BackupConfig

__all__ = ["BackupConfig", "backup_file"]


def __getattr__(name: str) -> Any:
    # Loaded when asked for: a process that copies small files needs nothing of the platform.
    if name == "backup_file":
        from asynctask_nas.backup import backup_file

        return backup_file
    if name == "BackupConfig":
        from asynctask_nas.config import BackupConfig

        return BackupConfig
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""An executor of the storage tasks, for `asynctask executor asynctask_nas.executor:executor`."""

from asynctask import Executor
from asynctask_nas.backup import backup_file

executor = Executor([backup_file], slots=4)

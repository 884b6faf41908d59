// English: the catalogue that the others are typed by, so that a missing sentence does not compile.

import { curves } from './curves'
import { executors } from './executors'
import { failures } from './failures'
import { health } from './health'
import { overview } from './overview'
import { queues } from './queues'
import { reference } from './reference'
import { shell } from './shell'
import { words } from './words'
import { submit } from './submit'
import { task } from './task'
import { tasks } from './tasks'
import { type } from './type'

export const en = { ...words, curves, executors, failures, health, overview, queues, reference, shell, submit, task, tasks, type }

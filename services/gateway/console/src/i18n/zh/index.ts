import type { Catalogue } from '../catalogue'
import { curves } from './curves'
import { executors } from './executors'
import { failures } from './failures'
import { overview } from './overview'
import { queues } from './queues'
import { shell } from './shell'
import { submit } from './submit'
import { task } from './task'
import { tasks } from './tasks'
import { type } from './type'
import { words } from './words'

export const zh: Catalogue = { ...words, curves, executors, failures, overview, queues, shell, submit, task, tasks, type }

import type { Catalogue } from '../catalogue'
import { executors } from './executors'
import { health } from './health'
import { overview } from './overview'
import { queues } from './queues'
import { reference } from './reference'
import { shell } from './shell'
import { submit } from './submit'
import { task } from './task'
import { tasks } from './tasks'
import { type } from './type'
import { words } from './words'

export const zh: Catalogue = { ...words, executors, health, overview, queues, reference, shell, submit, task, tasks, type }

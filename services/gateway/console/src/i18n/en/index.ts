// English: the catalogue that the others are typed by, so that a missing sentence does not compile.

import { shell } from './shell'
import { words } from './words'
import { submit } from './submit'
import { task } from './task'
import { tasks } from './tasks'

export const en = { ...words, shell, submit, task, tasks }

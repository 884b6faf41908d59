import type { Catalogue } from '../catalogue'
import { shell } from './shell'
import { submit } from './submit'
import { task } from './task'
import { tasks } from './tasks'
import { words } from './words'

export const zh: Catalogue = { ...words, shell, submit, task, tasks }

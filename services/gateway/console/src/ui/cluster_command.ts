// Commands for a terminal that reach the cluster of this page.

import { withAddress } from '@/format/command'
import { cliAddress } from '@/transport/place'

export const clusterCommand = (command: string) => withAddress(cliAddress, command)

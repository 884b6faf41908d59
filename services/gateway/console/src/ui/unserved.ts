// Tasks that wait although no executor runs them, for pages that follow the cluster.

import { computed } from 'vue'

import { queuesOfTypes, unservedLanes, unservedLevel } from '@/format/serving'
import { useCluster } from '@/stores/cluster'
import { useTaskTypes } from '@/stores/task_types'

export function useUnserved() {
  const cluster = useCluster()
  const types = useTaskTypes()

  const queuesOf = computed(() => queuesOfTypes(types.all))
  const lanes = computed(() => unservedLanes(cluster.queues.values(), cluster.connected, queuesOf.value))
  const level = computed(() => unservedLevel(cluster.connected))

  return { queuesOf, lanes, level }
}

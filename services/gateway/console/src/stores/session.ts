// Whether somebody is signed in, where the gateway asks for its token.

import { defineStore } from 'pinia'
import { ref } from 'vue'

import { whenSignedOut } from '@/transport/http'
import { basePath } from '@/transport/place'
import * as session from '@/transport/session'

export const useSession = defineStore('session', () => {
  const needsToken = ref(false)
  const isSignedIn = ref(true)

  function take(found: session.SessionState): void {
    needsToken.value = found.needs_token
    isSignedIn.value = found.signed_in
  }

  const leave = () => take({ needs_token: true, signed_in: false })
  whenSignedOut(leave)
  // All tabs have one session. The streams of another tab would go on without it, and show what they tell.
  // Some older browsers have no such channel: there each tab notices at its next request.
  const others =
    typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(`asynctask.signed_out ${basePath}`)
  if (others) others.onmessage = leave

  return {
    needsToken,
    isSignedIn,
    look: async () => take(await session.look()),
    signIn: async (token: string) => take(await session.signIn(token)),
    signOut: async () => {
      take(await session.signOut())
      others?.postMessage('')
    },
  }
})

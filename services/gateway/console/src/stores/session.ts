// Whether somebody is signed in, where the gateway asks for its token.

import { defineStore } from 'pinia'
import { ref } from 'vue'

import { whenSignedOut } from '@/transport/http'
import * as session from '@/transport/session'

export const useSession = defineStore('session', () => {
  const needsToken = ref(false)
  const isSignedIn = ref(true)

  function take(found: session.SessionState): void {
    needsToken.value = found.needs_token
    isSignedIn.value = found.signed_in
  }

  whenSignedOut(() => take({ needs_token: true, signed_in: false }))

  return {
    needsToken,
    isSignedIn,
    look: async () => take(await session.look()),
    signIn: async (token: string) => take(await session.signIn(token)),
    signOut: async () => take(await session.signOut()),
  }
})

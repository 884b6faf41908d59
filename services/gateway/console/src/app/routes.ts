// Which view is at which path. Views are loaded when they are first opened.

import { createRouter, createWebHistory } from 'vue-router'

import { basePath } from '@/transport/place'

export const router = createRouter({
  history: createWebHistory(`${basePath}/`),
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
  routes: [
    { path: '/', name: 'overview', component: () => import('@/views/overview/OverviewPage.vue') },
    { path: '/tasks', name: 'tasks', component: () => import('@/views/tasks/TasksPage.vue') },
    { path: '/tasks/:id', name: 'task', component: () => import('@/views/task/TaskPage.vue'), props: true },
    { path: '/submit', name: 'submit', component: () => import('@/views/submit/SubmitPage.vue') },
    { path: '/executors', name: 'executors', component: () => import('@/views/executors/ExecutorsPage.vue') },
    { path: '/queues', name: 'queues', component: () => import('@/views/queues/QueuesPage.vue') },
    { path: '/health', name: 'health', component: () => import('@/views/health/HealthPage.vue') },
    { path: '/types/:name', name: 'type', component: () => import('@/views/type/TypePage.vue'), props: true },
    { path: '/reference', name: 'reference', component: () => import('@/views/reference/ReferencePage.vue') },
    { path: '/sign_in', name: 'sign_in', component: () => import('@/views/sign_in/SignInPage.vue') },
    { path: '/:rest(.*)*', name: 'not_found', component: () => import('./NotFound.vue') },
  ],
})

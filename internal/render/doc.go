// Package render runs what renders foreign templates within bounds of time,
// memory and output. A template is a program: neither Helm nor kustomize nor
// Compose can be stopped from inside once it loops or grows. So a rendering
// runs in a process of its own, which is this program again, and which is
// killed at a bound. That process keeps rendering until it is killed or closed.
package render

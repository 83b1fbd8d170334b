// Package surface says which surface a fact belongs to, by a table that is
// data.
package surface

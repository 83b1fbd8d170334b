// Package parity is the vocabulary of environment parity: what an environment
// is seen to hold (facts about subjects), what comparing environments says
// (classes, differences, bindings) and what follows from it (indicators,
// scores, a verdict).
//
// It holds no behaviour beyond that of its own words: it reads no file, asks
// no clock and imports nothing but the standard library.
package parity

// Package stats says whether two environments behave alike: equivalent,
// different, or not yet tellably.
//
// Requests are not independent of each other. They come in blocks, the steps of
// a window in time order with the instances of a step added up, because what
// strikes one instance in a minute often strikes all. Every variance is that of
// blocks (see Dependence); instances are the ones that ran, not a sample of
// others. Fewer than MinBlocks blocks decide nothing.
//
// A comparison is two one-sided tests at 0.05 (Schuirmann 1987): a 90 % interval
// inside the margin is Equivalent, one wholly outside is Different, everything
// else is Inconclusive with a Reason and what it needs. No function returns a
// NaN or an infinity, whatever it is given.
//
// The package is pure: no clock, no randomness, no input or output.
package stats

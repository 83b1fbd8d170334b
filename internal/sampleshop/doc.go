// Package sampleshop is a small service under load, for tests that compare how
// running copies of it behave: a shop with an inventory, payments and a store,
// each a server of its own on 127.0.0.1.
//
// A copy behaves as its settings say, by the mechanism that the setting has in
// a real one: work waits when the CPU quota of its period is used up, a query
// waits for a connection of the pool, a table without index is read whole. Only
// what a dependency takes by itself is a timer. The settings are read from the
// manifests that Parity compares.
//
// Only tests import it. Anything that goes wrong in Start ends the test.
package sampleshop

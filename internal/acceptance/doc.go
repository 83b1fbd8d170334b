// Package acceptance holds Parity to what it promises, on real inputs that no
// one here wrote and on generated ones that no one has seen. It has tests and
// benchmarks only.
package acceptance

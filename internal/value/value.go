// Package value knows the grammar of single values: quantities, durations,
// images, URLs, versions, schedules, identifiers. It settles what one value
// says; what two values mean to each other is compare's.
package value

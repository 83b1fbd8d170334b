// Package redact decides what is secret and turns it into keyed digests.
package redact

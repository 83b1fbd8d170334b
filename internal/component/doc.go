// Package component starts the real servers that tests run against: clusters of
// etcd, kube-apiserver and what belongs to them, an OCI registry, Prometheus,
// Alertmanager, Loki, Jaeger, and a proxy that injects faults in front of any.
//
// Only tests import it. Every server listens on a free port of 127.0.0.1, keeps
// its files in a temporary directory and ends with the test, also when the test
// fails; its log is shown only then. The binaries are in the directory that
// PARITY_COMPONENTS names, which `make components` fills. Without them a test is
// skipped, but never in CI.
//
// Anything that goes wrong in a helper ends the test; so the helpers return
// values only.
package component

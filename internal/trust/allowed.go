// Package trust says which credential may be sent to which host. parity.yaml
// names credentials and hosts, and whoever changes parity.yaml may be a
// stranger; so the pairs that are allowed come from the user alone: from an
// environment variable, and from a file in the user's configuration directory.
package trust

import (
	"cmp"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/envparity/parity"
)

// Variable is the environment variable with the bindings of one run.
const Variable = "PARITY_ALLOW"

// Runbooks is the name under which the addresses of runbooks in one's own
// network are bound, as a credential is. It is the key of parity.yaml that asks
// for them.
const Runbooks = "checkRunbooks"

// filePrefix marks a credential that is a file.
const filePrefix = "file:"

// Binding says that a credential may be sent to a host.
type Binding struct {
	// Credential is the name of an environment variable, or "file:" and the
	// absolute path of a file.
	Credential string
	// Host is "host" or "host:port", in lower case; a host alone is the port
	// that its scheme has by default.
	Host string
}

// String gives the binding as Parse reads it.
func (b Binding) String() string { return b.Credential + "=" + b.Host }

// Compare orders bindings by credential and host.
func (b Binding) Compare(other Binding) int {
	return cmp.Or(strings.Compare(b.Credential, other.Credential), strings.Compare(b.Host, other.Host))
}

// Allowed are the bindings of a user. The zero value allows nothing.
type Allowed struct {
	bindings []Binding
	// err is why the bindings cannot be used. Nothing is allowed then.
	err error
}

// Allow makes the bindings of a list.
func Allow(bindings ...Binding) Allowed { return Allowed{bindings: bindings} }

// OfFile is the name of a file as a credential. The path is absolute, with its
// links resolved, so that a binding is of one file wherever a project calls it.
func OfFile(path string) string { return filePrefix + path }

// Check returns nil if the credential may be sent to the address: over TLS, or
// without it to this machine, and to a host that it is bound to. Its error says
// what to do.
func (a Allowed) Check(credential string, to *url.URL) error {
	if a.err != nil {
		return a.err
	}
	host := target(to)
	if to.Scheme != "https" && !Loopback(to.Hostname()) {
		return &parity.Error{
			Code: parity.CodeUnavailable, What: credential + " is not sent to " + host + ": the connection is not encrypted",
			Hint: "write the url with https",
		}
	}
	if a.Binds(credential, to) {
		return nil
	}
	return &parity.Error{
		Code: parity.CodeUnavailable, What: credential + " is not sent to " + host + ", as nobody has bound it to that host",
		Hint: hint(credential, host),
	}
}

// Binds reports whether the credential is bound to the host of an address.
func (a Allowed) Binds(credential string, to *url.URL) bool {
	host := target(to)
	return a.err == nil && slices.ContainsFunc(a.bindings, func(b Binding) bool {
		return b.Credential == credential && withPort(b.Host, to.Scheme) == host
	})
}

// hint gives the line that allows what was refused, unless a part of it is not
// what a shell could be given without harm.
func hint(credential, host string) string {
	b, err := parseBinding(credential + "=" + host)
	if err != nil {
		return "see docs/trust.md"
	}
	return "if that host may have it: parity allow " + quoted(b.Credential) + " " + quoted(b.Host) + ", or add the pair to " + Variable
}

// quoted gives a word as a shell reads it.
func quoted(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-./:=", r)
	}
	if strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// target is the host and port of an address.
func target(to *url.URL) string {
	host := strings.ToLower(strings.TrimSuffix(to.Hostname(), "."))
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port := to.Port(); port != "" {
		host += ":" + port
	}
	return withPort(host, to.Scheme)
}

// withPort adds the default port of a scheme to a host that has none.
func withPort(host, scheme string) string {
	if strings.LastIndexByte(host, ':') > strings.LastIndexByte(host, ']') {
		return host
	}
	if scheme == "http" {
		return host + ":80"
	}
	return host + ":443"
}

// Loopback reports whether a host, without a port, is this machine by its name
// or its address.
func Loopback(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && addr.Unmap().IsLoopback()
}

package alerting

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"

	"github.com/envparity/parity/internal/trust"
)

// outward is a transport that connects to no address of one's own network:
// whoever writes a rule names the address of its runbook. An address that the
// user has bound, and a proxy, are connected to.
type outward struct {
	allow trust.Allowed
	// bound connects to any address, guarded to those out of one's network.
	bound, guarded *http.Transport
}

var errOwn = errors.New("it is an address of one's own network")

func newOutward(allow trust.Allowed) *outward {
	dialer := &net.Dialer{Timeout: runbookPatience}
	// The address that is connected to is looked at, as a name may stand for
	// another one each time.
	checked := &net.Dialer{Timeout: runbookPatience, ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || isOwn(at.Addr()) {
			return errOwn
		}
		return nil
	}}
	return &outward{
		allow:   allow,
		bound:   &http.Transport{Proxy: http.ProxyFromEnvironment, DialContext: dialer.DialContext},
		guarded: &http.Transport{DialContext: checked.DialContext},
	}
}

// RoundTrip implements http.RoundTripper.
func (o *outward) RoundTrip(r *http.Request) (*http.Response, error) {
	if o.allow.Binds(trust.Runbooks, r.URL) {
		return o.bound.RoundTrip(r)
	}
	proxy, err := http.ProxyFromEnvironment(r)
	if err != nil {
		return nil, err
	}
	if proxy == nil {
		return o.guarded.RoundTrip(r)
	}
	if inward(r) {
		return nil, errOwn
	}
	return o.bound.RoundTrip(r)
}

func (o *outward) close() {
	o.bound.CloseIdleConnections()
	o.guarded.CloseIdleConnections()
}

// isOwn reports whether only one's own network has an address.
func isOwn(a netip.Addr) bool {
	a = a.Unmap()
	// Carriers and clouds use the last one for what is theirs.
	return !a.IsGlobalUnicast() || a.IsPrivate() || netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 64}), 10).Contains(a)
}

// hostOf is the host and port of an address, as it is bound.
func hostOf(u *url.URL) string {
	if u.Port() != "" || u.Scheme != "http" {
		return u.Host
	}
	return u.Host + ":80"
}

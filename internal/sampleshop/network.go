package sampleshop

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"
)

// network connects to peers by name, as the cluster's name service and network
// do: a connection that no policy allows is dropped, not refused.
type network struct {
	addresses map[string]string // by host:port
	policies  []Egress          // nil allows everything
	timeout   time.Duration
	closed    <-chan struct{}
}

// errDropped says that nothing answered to the wish to connect.
var errDropped = errors.New("connect: i/o timeout")

// dial connects to a peer.
func (n *network) dial(ctx context.Context, protocol, address string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, n.timeout)
	defer cancel()
	real, ok := n.addresses[address]
	if !ok {
		return nil, fmt.Errorf("lookup %s: no such host", address)
	}
	if !n.allows(address) {
		select {
		case <-ctx.Done():
		case <-n.closed:
		}
		return nil, fmt.Errorf("dial %s: %w", address, errDropped)
	}
	var d net.Dialer
	return d.DialContext(ctx, protocol, real)
}

func (n *network) allows(address string) bool {
	if n.policies == nil {
		return true
	}
	host, port, _ := net.SplitHostPort(address)
	number, _ := strconv.Atoi(port)
	for _, p := range n.policies {
		if (p.Peer == "" || p.Peer == host) && (p.Port == 0 || p.Port == number) {
			return true
		}
	}
	return false
}

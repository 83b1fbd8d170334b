package component

import (
	"crypto/rand"
	"math/big"
	"net"
)

// loopback is the only address that anything here listens on.
const loopback = "127.0.0.1"

// freePort chooses a port below those that the system hands to outgoing
// connections, so that only another test can take it before the server does.
func freePort() string {
	for {
		offset, err := rand.Int(rand.Reader, big.NewInt(12000))
		if err != nil {
			continue
		}
		port := offset.Add(offset, big.NewInt(20000)).String()
		l, err := net.Listen("tcp", net.JoinHostPort(loopback, port))
		if err != nil {
			continue
		}
		_ = l.Close()
		return port
	}
}

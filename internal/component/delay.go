package component

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// delayed is what a server said, and when it may be passed on.
type delayed struct {
	text []byte
	due  time.Time
}

// Delay listens on a port of loopback in front of a server and passes on what the
// server says that much later, without holding up what comes behind it. It
// returns the address on which it listens.
func Delay(tb testing.TB, network, server string, by time.Duration) string {
	tb.Helper()
	var late atomic.Int64
	late.Store(int64(by))
	address, end, err := delay(network, server, &late)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(end)
	return address
}

// delay is Delay by what may be changed while it listens.
func delay(network, server string, by *atomic.Int64) (address string, end func(), err error) {
	l, err := net.Listen("tcp", loopback+":0")
	if err != nil {
		return "", nil, err
	}
	var open sync.WaitGroup
	var mu sync.Mutex
	var conns []net.Conn
	open.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			behind, err := net.Dial(network, server)
			if err != nil {
				_ = client.Close()
				continue
			}
			mu.Lock()
			conns = append(conns, client, behind)
			mu.Unlock()
			open.Go(func() { _, _ = io.Copy(behind, client); _ = behind.Close() })
			open.Go(func() { later(client, behind, by); _ = client.Close() })
		}
	})
	return l.Addr().String(), func() {
		_ = l.Close()
		mu.Lock()
		for _, c := range conns {
			_ = c.Close()
		}
		mu.Unlock()
		open.Wait()
	}, nil
}

// later copies what is read, each part that much after it came.
func later(to io.Writer, from io.Reader, by *atomic.Int64) {
	parts := make(chan delayed, 4096)
	var writing sync.WaitGroup
	writing.Go(func() {
		for p := range parts {
			time.Sleep(time.Until(p.due))
			if _, err := to.Write(p.text); err != nil {
				for range parts { // what is read no more must not hold up the reader
				}
				return
			}
		}
	})
	for {
		text := make([]byte, 32<<10)
		n, err := from.Read(text)
		if n > 0 {
			parts <- delayed{text[:n], time.Now().Add(time.Duration(by.Load()))}
		}
		if err != nil {
			break
		}
	}
	close(parts)
	writing.Wait()
}

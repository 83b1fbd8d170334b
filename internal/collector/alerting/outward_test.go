package alerting

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/envparity/parity/internal/trust"
)

// TestOwnNetworkIsNotAsked holds that a rule cannot have whatever listens in
// one's own network asked, by its address or by a name, until the user says so.
func TestOwnNetworkIsNotAsked(t *testing.T) {
	var asked atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer s.Close()
	at, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	byName := "http://localhost:" + at.Port() + "/x"
	addresses := []string{s.URL + "/x", byName, "http://[::1]:" + at.Port() + "/x", "http://127.0.0.2:" + at.Port() + "/x"}
	states, err := checkRunbooks(t.Context(), addresses, trust.Allowed{})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range addresses {
		if !strings.Contains(states[a].unknown, "parity allow checkRunbooks ") {
			t.Errorf("%s: %+v", a, states[a])
		}
	}
	if asked.Load() > 0 {
		t.Error("it was asked")
	}
	states, err = checkRunbooks(t.Context(), []string{s.URL + "/x", byName}, trust.Allow(trust.Binding{Credential: trust.Runbooks, Host: at.Host}))
	if err != nil {
		t.Fatal(err)
	}
	if (states[s.URL+"/x"] != runbookState{}) || !strings.Contains(states[byName].unknown, "own network") || asked.Load() != 1 {
		t.Errorf("%+v; asked %d times", states, asked.Load())
	}
}

func TestIsOwn(t *testing.T) {
	for text, want := range map[string]bool{
		"127.0.0.1": true, "127.9.9.9": true, "10.0.0.1": true, "172.16.0.1": true, "192.168.1.1": true, "169.254.169.254": true,
		"100.64.0.1": true, "100.100.100.200": true, "0.0.0.0": true, "224.0.0.1": true, "255.255.255.255": true,
		"::1": true, "::": true, "fe80::1": true, "fd00::1": true, "::ffff:127.0.0.1": true, "ff02::1": true,
		"203.0.113.7": false, "100.128.0.1": false, "2001:db8::1": false,
	} {
		if got := isOwn(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

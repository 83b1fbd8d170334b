package component_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/envparity/parity/internal/component"
)

// TestDelay holds that what a server says comes late and whole.
func TestDelay(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "said") }))
	t.Cleanup(s.Close)
	const by = 100 * time.Millisecond
	at := component.Delay(t, "tcp", s.Listener.Addr().String(), by)
	begin := time.Now()
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(must(http.NewRequest(http.MethodGet, "http://"+at, nil)))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || string(text) != "said" {
		t.Errorf("got %q, %v", text, err)
	}
	if took := time.Since(begin); took < by {
		t.Errorf("it took %s, which is less than %s", took, by)
	}
}

func must(r *http.Request, err error) *http.Request {
	if err != nil {
		panic(err)
	}
	return r
}

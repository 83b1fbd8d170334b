package alerting

import (
	"errors"
	"net/http"
	"net/url"
	"testing"
)

func TestFollowRunbook(t *testing.T) {
	request := func(at string) *http.Request {
		u, err := url.Parse(at)
		if err != nil {
			t.Fatal(err)
		}
		return (&http.Request{URL: u, Header: http.Header{"Referer": {"x"}}}).WithContext(t.Context())
	}
	const public = "https://203.0.113.7/x"
	for _, c := range []struct {
		from, to string
		steps    int
		want     error
	}{
		{public, "https://203.0.113.7/y", 1, nil},
		{public, "http://198.51.100.1/", 1, nil},
		{public, "http://127.0.0.1/", 1, errInward},
		{public, "http://[::1]:80/", 1, errInward},
		{public, "http://[::ffff:10.0.0.1]/", 1, errInward},
		{public, "http://10.1.2.3/", 1, errInward},
		{public, "http://169.254.169.254/latest", 1, errInward},
		{public, "http://0.0.0.0/", 1, errInward},
		{public, "http://localhost/", 1, errInward},
		{public, "file:///etc/passwd", 1, errInward},
		{"http://10.1.2.3/", "http://10.1.2.4/", 1, nil},
		{"http://10.1.2.3/", public, 1, nil},
		{public, "https://203.0.113.7/y", maxRedirects, nil},
		{public, "https://203.0.113.7/y", maxRedirects + 1, errTooFar},
	} {
		via := make([]*http.Request, c.steps)
		for i := range via {
			via[i] = request(c.from)
		}
		next := request(c.to)
		if err := followRunbook(next, via); !errors.Is(err, c.want) {
			t.Errorf("%s to %s: %v, want %v", c.from, c.to, err, c.want)
		} else if err == nil && next.Header.Get("Referer") != "" {
			t.Errorf("%s is told where one comes from", c.to)
		}
	}
}

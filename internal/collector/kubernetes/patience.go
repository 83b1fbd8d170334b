package kubernetes

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"time"
)

// patient makes a request again that the server asks to be made later, as long
// as there is time for it. In the end it gives the server's answer, so that the
// reason of the gap is the server's and not that the time was over.
type patient struct {
	next    http.RoundTripper
	timeout time.Duration
}

// maxRetries is how often a request is made again.
const maxRetries = 3

// maxRefusal bounds the text of an answer that refuses, in bytes.
const maxRefusal = 64 << 10

// RoundTrip implements http.RoundTripper.
func (p patient) RoundTrip(r *http.Request) (*http.Response, error) {
	var refusal *http.Response
	for try := 0; ; try++ {
		resp, err := p.next.RoundTrip(r)
		if err != nil {
			if refusal != nil && r.Context().Err() != nil {
				return refusal, nil //nolint:nilerr // the time is over, and the server's own reason says more
			}
			return nil, err
		}
		wait, asked := later(resp)
		if !asked {
			return resp, nil
		}
		// The body is read: the connection is free, and the answer is there
		// still when the time is over.
		text, err := io.ReadAll(io.LimitReader(resp.Body, maxRefusal))
		_ = resp.Body.Close()
		if err != nil {
			return nil, err
		}
		resp.Body = io.NopCloser(bytes.NewReader(text))
		resp.Header.Del("Retry-After") // client-go would wait for it once more
		if try == maxRetries || wait >= p.timeout {
			return resp, nil
		}
		refusal = resp
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-r.Context().Done():
			timer.Stop()
			return resp, nil
		}
	}
}

// WrappedRoundTripper is how client-go finds the connections below.
func (p patient) WrappedRoundTripper() http.RoundTripper { return p.next }

// later reports whether the server asks for the same request later, and how much.
func later(resp *http.Response) (time.Duration, bool) {
	if resp.StatusCode != http.StatusTooManyRequests && resp.StatusCode < http.StatusInternalServerError {
		return 0, false
	}
	seconds, err := strconv.ParseUint(resp.Header.Get("Retry-After"), 10, 31)
	return time.Duration(seconds) * time.Second, err == nil
}

package kubernetes

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
)

// The bounds of what one cluster is asked for. A server may give new pages
// for ever, each with the token of a next one.
const (
	maxPages       = 10_000    // of one list
	maxEmptyPages  = 100       // of one list
	maxObjects     = 5_000_000 // of one list
	maxSourcePages = 100_000   // of all lists
	maxSourceBytes = 64 << 30  // of all answers
	// maxAnswer bounds an answer that is read whole: what the server offers.
	maxAnswer = 64 << 20
	// maxRefused bounds the text of an answer that is an error.
	maxRefused = 1 << 20
	// maxRedirects are followed of one request, all to the same host.
	maxRedirects = 3
)

var (
	errPages    = fmt.Errorf("a list has more than %d pages, or more than %d without an object", maxPages, maxEmptyPages)
	errObjects  = fmt.Errorf("a list has more than %d objects", maxObjects)
	errAllPages = fmt.Errorf("the lists have more than %d pages", maxSourcePages)
	errBytes    = fmt.Errorf("the server has sent more than %d GiB", maxSourceBytes>>30)
	errAnswer   = fmt.Errorf("what the server says of itself is larger than %d MiB", maxAnswer>>20)
	errRedirect = errors.New("the server redirects to another address")
)

// pageCount counts what one list has given.
type pageCount struct {
	pages, empty, objects int
	// before is how many objects there were when the last page began.
	before int
}

// object counts an object.
func (p *pageCount) object() error {
	if p.objects++; p.objects > maxObjects {
		return errObjects
	}
	return nil
}

// pageBounds are how many pages are asked for of one list, and of all.
type pageBounds struct{ list, all int }

// begin counts a page of a list that is about to be asked for.
func (c *cluster) begin(p *pageCount) error {
	if p.pages > 0 && p.objects == p.before {
		p.empty++
	}
	p.pages, p.before = p.pages+1, p.objects
	switch {
	case p.pages > c.bounds.list, p.empty > maxEmptyPages:
		return errPages
	case c.pagesAsked.Add(1) > int64(c.bounds.all):
		return errAllPages
	}
	return nil
}

// sameHost follows a redirect within the same server. Credentials are added to
// every request below the client, so that any other would get them.
func sameHost(next *http.Request, via []*http.Request) error {
	from := via[0].URL
	if next.URL.Host != from.Host || next.URL.Scheme != from.Scheme || len(via) > maxRedirects {
		return errRedirect
	}
	return nil
}

// metering bounds the bytes of all answers together, and of those that are
// errors, which are read whole.
type metering struct {
	next http.RoundTripper
	left *atomic.Int64
	// most bounds each answer; 0 does not.
	most int64
}

// RoundTrip implements http.RoundTripper.
func (m metering) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := m.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body := &meteredBody{ReadCloser: resp.Body, all: m.left, most: m.most, bounded: m.most > 0}
	resp.Body = body
	if resp.StatusCode >= http.StatusMultipleChoices {
		resp.Body = &cutBody{Reader: io.LimitReader(body, maxRefused), Closer: body}
	}
	return resp, nil
}

// WrappedRoundTripper is how client-go finds the connections below.
func (m metering) WrappedRoundTripper() http.RoundTripper { return m.next }

// meteredBody fails where more is read than may be.
type meteredBody struct {
	io.ReadCloser
	all     *atomic.Int64
	most    int64
	bounded bool
}

// Read implements io.Reader.
func (b *meteredBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.most -= int64(n); b.bounded && b.most < 0 {
		return n, errAnswer
	}
	if b.all.Add(-int64(n)) < 0 {
		return n, errBytes
	}
	return n, err
}

// cutBody ends early.
type cutBody struct {
	io.Reader
	io.Closer
}

package component

import (
	"net/http"
	"net/url"
	"regexp"
	"time"
)

// Request is one request that went through a proxy.
type Request struct {
	Method string
	Path   string
	Query  url.Values
	// Status is that of the answer, 0 where there was none.
	Status int
	// Bytes of the answer's body, as sent: compressed where the client asks.
	Bytes int64
	// Fault is the name of the fault that was injected, or empty.
	Fault string
	// Took is the time until the last byte, 0 while the answer lasts.
	Took time.Duration
}

// collection is the path of a list of the Kubernetes API: a group and version,
// perhaps a namespace, and a resource.
var collection = regexp.MustCompile(`^(/api/v1|/apis/[^/]+/[^/]+)(/namespaces/[^/]+)?/[^/]+$`)

// named is the path of one namespace, which looks like a list.
var named = regexp.MustCompile(`^/api/v1/namespaces/[^/]+$`)

// IsList says whether the request asks a Kubernetes API for a list. A watch is
// none.
func (r Request) IsList() bool {
	return r.Method == http.MethodGet && collection.MatchString(r.Path) && !named.MatchString(r.Path) && r.Query.Get("watch") == ""
}

// Traffic is the sum of requests.
type Traffic struct {
	Requests int
	Bytes    int64
}

// Sum adds up requests.
func Sum(requests []Request) Traffic {
	var t Traffic
	for _, r := range requests {
		t.Requests++
		t.Bytes += r.Bytes
	}
	return t
}

// ByPath adds up requests for each path.
func ByPath(requests []Request) map[string]Traffic {
	sums := map[string]Traffic{}
	for _, r := range requests {
		t := sums[r.Path]
		t.Requests++
		t.Bytes += r.Bytes
		sums[r.Path] = t
	}
	return sums
}

// Unpaged gives the list requests without a limit.
func Unpaged(requests []Request) []Request {
	var found []Request
	for _, r := range requests {
		if r.IsList() && r.Query.Get("limit") == "" {
			found = append(found, r)
		}
	}
	return found
}

// counting records what is written of an answer, before it is: who has seen an
// answer finds it counted.
type counting struct {
	http.ResponseWriter
	record func(func(*Request))
}

func (c *counting) WriteHeader(status int) {
	if status >= http.StatusOK {
		c.record(func(r *Request) { r.Status = status })
	}
	c.ResponseWriter.WriteHeader(status)
}

func (c *counting) Write(text []byte) (int, error) {
	c.record(func(r *Request) {
		if r.Status == 0 {
			r.Status = http.StatusOK
		}
		r.Bytes += int64(len(text))
	})
	return c.ResponseWriter.Write(text)
}

// Unwrap returns the underlying writer, for http.ResponseController.
func (c *counting) Unwrap() http.ResponseWriter { return c.ResponseWriter }

package component

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// Fault is what a proxy does to a request instead of, or while, forwarding it.
// The zero value forwards.
type Fault struct {
	// Name stands in the record of the requests that it met.
	Name string
	// Times ends the fault after so many requests; 0 is no end.
	Times int

	// after is how many requests it lets pass first.
	after int
	// when narrows the requests that it meets; nil does not.
	when func(*http.Request) bool
	// instead answers without asking the real server.
	instead func(http.ResponseWriter, *http.Request)
	// around wraps the writer of the real answer. It may change the request.
	around func(http.ResponseWriter, *http.Request) http.ResponseWriter
}

// First limits a fault to the first requests that it meets.
func (f Fault) First(times int) Fault {
	f.Times = times
	return f
}

// Nth limits a fault to one request, the nth that it meets, from 1.
func (f Fault) Nth(n int) Fault {
	f.after, f.Times = n-1, 1
	return f
}

// Status answers with a status code, in the form of a Kubernetes Status.
func Status(code int, reason string) Fault {
	return Fault{Name: strconv.Itoa(code), instead: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		_ = json.NewEncoder(w).Encode(map[string]any{
			"kind": "Status", "apiVersion": "v1", "metadata": map[string]any{},
			"status": "Failure", "reason": reason, "message": reason, "code": code,
		})
	}}
}

// TooManyRequests answers 429 with Retry-After, in whole seconds.
func TooManyRequests(retryAfter time.Duration) Fault {
	f := Status(http.StatusTooManyRequests, "TooManyRequests")
	answer := f.instead
	f.instead = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", strconv.Itoa(int(retryAfter.Seconds())))
		answer(w, r)
	}
	return f
}

// ServerError answers 500.
func ServerError() Fault { return Status(http.StatusInternalServerError, "InternalError") }

// ExpiredToken answers 401, as a server does to a token whose time is over.
func ExpiredToken() Fault { return Status(http.StatusUnauthorized, "Unauthorized") }

// ExpiredContinue answers 410 to a page of a list after the first, as an API
// server does that has forgotten the list's beginning. With resumable the answer
// has the token by which the list goes on at a newer version, as a real server's
// has wherever it can read the one that it was given.
func ExpiredContinue(resumable bool) Fault {
	return Fault{
		Name: "expired continue",
		when: func(r *http.Request) bool { return r.URL.Query().Get("continue") != "" },
		instead: func(w http.ResponseWriter, r *http.Request) {
			const message = "The provided continue parameter is too old to display a consistent list result."
			meta := map[string]any{}
			if resumable {
				meta["continue"] = newerContinue(r.URL.Query().Get("continue"))
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusGone)
			_ = json.NewEncoder(w).Encode(map[string]any{
				"kind": "Status", "apiVersion": "v1", "metadata": meta,
				"status": "Failure", "reason": "Expired", "message": message, "code": http.StatusGone,
			})
		},
	}
}

// newerContinue makes the token with which the server goes on at the same place
// in the newest version: one whose resource version is -1.
func newerContinue(token string) string {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return ""
	}
	fields := map[string]any{}
	if json.Unmarshal(raw, &fields) != nil {
		return ""
	}
	fields["rv"] = -1
	raw, _ = json.Marshal(fields)
	return base64.RawURLEncoding.EncodeToString(raw)
}

// Hang answers nothing until the client goes.
func Hang() Fault {
	return Fault{Name: "hang", instead: func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	}}
}

// Drip forwards the body in pieces with a pause before each.
func Drip(size int, pause time.Duration) Fault {
	return Fault{Name: "drip", around: func(w http.ResponseWriter, r *http.Request) http.ResponseWriter {
		return &dripping{ResponseWriter: w, done: r.Context().Done(), size: size, pause: pause}
	}}
}

// Cut ends the connection after so many bytes of the body.
func Cut(after int) Fault {
	return Fault{Name: "cut", around: func(w http.ResponseWriter, _ *http.Request) http.ResponseWriter {
		return &cutting{ResponseWriter: w, left: after}
	}}
}

// dripping writes slowly.
type dripping struct {
	http.ResponseWriter
	done  <-chan struct{}
	size  int
	pause time.Duration
}

func (d *dripping) Write(text []byte) (int, error) {
	written := 0
	for len(text) > 0 {
		timer := time.NewTimer(d.pause)
		select {
		case <-d.done:
			timer.Stop()
			return written, http.ErrAbortHandler
		case <-timer.C:
		}
		piece := text[:min(d.size, len(text))]
		n, err := d.ResponseWriter.Write(piece)
		written += n
		if err != nil {
			return written, err
		}
		flush(d.ResponseWriter)
		text = text[len(piece):]
	}
	return written, nil
}

// Unwrap returns the underlying writer, for http.ResponseController.
func (d *dripping) Unwrap() http.ResponseWriter { return d.ResponseWriter }

// cutting ends the handler in the middle of a body.
type cutting struct {
	http.ResponseWriter
	left int
}

func (c *cutting) Write(text []byte) (int, error) {
	if len(text) < c.left {
		c.left -= len(text)
		return c.ResponseWriter.Write(text)
	}
	_, _ = c.ResponseWriter.Write(text[:c.left])
	flush(c.ResponseWriter)
	panic(http.ErrAbortHandler)
}

// Unwrap returns the underlying writer, for http.ResponseController.
func (c *cutting) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// flush sends what was written so far. A writer that cannot is one of a test's
// own making and has nothing to send.
func flush(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() }

package sampleshop

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

// ports are those that the peers listen on in the cluster.
var ports = map[string]string{"inventory": "8080", "payments": "8443", "store": "5432"}

// request is one request that a replica handles.
type request struct {
	ctx     context.Context
	http    *http.Request
	service *Service
	replica *replica
	span    *span
	// called is the time spent in calls of peers, which a slowdown of the
	// service does not multiply again.
	called time.Duration
}

// call is one call of a peer.
type call struct {
	peer, method, path string
	template           string // the path without what differs by request
	timeout            time.Duration
	body               []byte
}

// do makes a call, decodes the answer into a value unless that is nil, and
// counts it. An answer of 400 and above is an error with its status.
func (r *request) do(c call, into any) (int, error) {
	begin := time.Now()
	s := r.span.child(c.method+" "+c.template, spanClient)
	status, err := r.exchange(c, s, into)
	d := time.Since(begin)
	r.called += d
	errorType := ""
	switch {
	case status >= http.StatusBadRequest:
		errorType = strconv.Itoa(status)
		err = &statusError{c.peer, status}
	case timedOut(err):
		errorType = "timeout"
	case err != nil:
		errorType = "connection_error"
	}
	r.service.metrics.called(c.method, c.peer, ports[c.peer], status, errorType, d)
	describe(s, c, status, errorType)
	s.end(err != nil)
	return status, err
}

// describe gives the span of a call the attributes that its kind has.
func describe(s *span, c call, status int, errorType string) {
	port, _ := strconv.Atoi(ports[c.peer])
	s.set("server.address", c.peer)
	s.set("server.port", port)
	if errorType != "" {
		s.set("error.type", errorType)
	}
	if c.peer == "store" {
		s.set("db.system.name", "postgresql")
		s.set("db.namespace", "shop")
		return
	}
	s.set("http.request.method", c.method)
	s.set("url.template", c.template)
	if status > 0 {
		s.set("http.response.status_code", status)
	}
}

// statusError is an answer that says that the call failed.
type statusError struct {
	peer   string
	status int
}

func (e *statusError) Error() string { return e.peer + " answers " + strconv.Itoa(e.status) }

func timedOut(err error) bool {
	var timeout net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, errDropped) || errors.As(err, &timeout) && timeout.Timeout()
}

// maxAnswer bounds what is read of an answer.
const maxAnswer = 1 << 20

func (r *request) exchange(c call, s *span, into any) (int, error) {
	ctx, cancel := context.WithTimeout(r.ctx, c.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, c.method, "http://"+c.peer+":"+ports[c.peer]+c.path, bytes.NewReader(c.body))
	if err != nil {
		return 0, err
	}
	s.inject(req.Header)
	transport := r.replica.web
	if c.peer == "store" {
		transport = r.replica.pool
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return 0, err
	}
	if into != nil && resp.StatusCode < http.StatusBadRequest {
		err = json.Unmarshal(text, into)
	}
	return resp.StatusCode, err
}

package spans

// Wanted are the traces that somebody looks for.
type Wanted struct {
	// Endpoint is the name of an endpoint or of an operation, Service the
	// service that serves it; empty is any.
	Endpoint, Service string
}

// Fits reports whether a span is a request of the endpoint.
func (w Wanted) Fits(s *Span) bool {
	if !s.Kind.Serves() || w.Service != "" && s.Service != w.Service {
		return false
	}
	return s.Endpoint == w.Endpoint || s.Name == w.Endpoint || s.Operation() == w.Endpoint
}

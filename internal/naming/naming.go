// Package naming knows what telemetry calls services, endpoints and what is
// called: the labels of metrics, by presets for common libraries, and the
// attributes of spans.
package naming

// Config is the section telemetry of parity.yaml.
type Config struct {
	Service []string `yaml:"service" doc:"Labels and attributes that name the service, the first that is there decides; service_name, service.name, service, app_kubernetes_io_name, app and job if left out."`
	Presets []string `yaml:"presets" doc:"Presets for metrics that are tried, form for those that are recognised by their form; all of them if left out."`
	Series  []Series `yaml:"series" doc:"Metrics of requests that no preset knows, or that are to be read otherwise than parity collectors explain says."`
}

// Series says how one metric of requests is to be read.
type Series struct {
	Metric   string   `yaml:"metric" required:"true" doc:"Name of the metric: of a histogram or summary without _bucket, _count and _sum, of a counter as it is."`
	Type     string   `yaml:"type" default:"histogram" enum:"histogram,counter" doc:"histogram (default; classic, native, or a summary) or counter."`
	Side     string   `yaml:"side" default:"server" enum:"server,client" doc:"Who measures: server (default), or client for calls to something else."`
	Protocol string   `yaml:"protocol" default:"http" doc:"What kind of requests: of several series that see one service's requests of a protocol, the first is taken; http if left out."`
	Unit     string   `yaml:"unit" default:"s" enum:"s,ms,us,ns" doc:"Unit of the durations: s (default), ms, us or ns."`
	Match    []string `yaml:"match" doc:"Matchers that select its series, as PromQL writes them, such as reporter=\"destination\"."`
	Service  []string `yaml:"service" doc:"Labels that name the service; those of telemetry.service if left out."`
	Endpoint []string `yaml:"endpoint" doc:"Labels that make up the endpoint's name, in order, such as method and route. a|b is whichever is there, /a joins by a slash, =text is a text."`
	Peer     []string `yaml:"peer" doc:"For clients: labels that name what is called; the first that is there decides."`
	Failed   []string `yaml:"failed" doc:"Matchers that select failed requests, as PromQL writes them; a request is failed if any one fits."`
}

// DefaultService are the labels and attributes that name a service where
// nothing else is said.
func DefaultService() []string {
	return []string{"service_name", "service.name", "service", "app_kubernetes_io_name", "app", "job"}
}

// ServiceLabels gives the labels that name a service.
func (c Config) ServiceLabels() []string {
	if len(c.Service) > 0 {
		return c.Service
	}
	return DefaultService()
}

package sampleshop

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Settings are what one copy of the service is given. The zero value is a
// service with sane defaults.
type Settings struct {
	// Name is the service's name; "shop" if empty.
	Name string
	// Environment is told in traces and logs.
	Environment string
	// Env are the variables of the container; see DefaultEnv. CPU_LIMIT and
	// REPLICAS are the workload's own.
	Env map[string]string
	// Schema is the text of the store's schema, a YAML file; DefaultSchema if
	// empty.
	Schema string
	// Egress are the network policies that select the service; nil where none
	// does, so that everything may be called.
	Egress []Egress
	// Flags are the feature flags that are on.
	Flags map[string]bool
	// Libraries are the versions of libraries that are linked;
	// "payments-client" 1.x or 2.x decides how payments are called.
	Libraries map[string]string
	// Peers are the variables of what it calls: "inventory", "payments",
	// "store". SHED_PERCENT is the share of requests that payments turn away.
	Peers map[string]map[string]string

	// Seed makes service times and chances of one copy repeatable in
	// distribution; copies with different seeds are independent.
	Seed uint64
	// Slowdown multiplies how long everything takes; 1.25 is 25 % slower. 0 is 1.
	Slowdown float64
	// ExtraErrors is the share of requests that the service fails.
	ExtraErrors float64
	// IntegrationFailures is the share of calls that payments fail.
	IntegrationFailures float64

	// Buckets are the bounds of the classic histograms; FineBuckets if nil.
	Buckets []float64
	// NativeFactor is how far bounds of the native histograms lie apart at most;
	// 0 is 1.1.
	NativeFactor float64
	// ClassicOnly leaves out the native histograms, so that the buckets are all
	// there is.
	ClassicOnly bool
	// Without names what the copy does not tell: "metric NAME", "label NAME",
	// "log NAME" a field of log lines, "operation NAME" a span.
	Without []string
	// TracesTo is where spans go, an OTLP/HTTP address such as
	// http://127.0.0.1:4318/v1/traces; none if empty. Sampling is the share of
	// traces that are kept; 0 is all.
	TracesTo string
	Sampling float64
	// LogsTo is where log lines go, an address of Loki's push API; none if empty.
	LogsTo string
}

// DefaultEnv gives the variables that the service knows, with their defaults.
func DefaultEnv() map[string]string {
	return map[string]string{
		"REPLICAS":          "2",     // instances that requests are spread over
		"CPU_LIMIT":         "200m",  // of each instance, as a container's limit
		"MAX_CONCURRENCY":   "8",     // requests that an instance handles at once
		"DB_POOL_SIZE":      "10",    // connections of an instance to the store
		"ORDER_STATEMENTS":  "1",     // statements in the transaction of an order
		"CACHE_ENABLED":     "true",  // whether the inventory's answers are kept
		"CACHE_SIZE":        "500",   // answers that are kept
		"LOG_LEVEL":         "info",  // debug, info, warn, error
		"CONNECT_TIMEOUT":   "250ms", // for a connection
		"INVENTORY_TIMEOUT": "1s",    // for a call
		"PAYMENTS_TIMEOUT":  "1s",
		"STORE_TIMEOUT":     "2s",
	}
}

// DefaultSchema is a store with all its indexes.
const DefaultSchema = `tables:
  carts:
    rows: 14000
    indexes: [{name: carts_id, columns: [id]}]
  orders:
    rows: 1000
    indexes: [{name: orders_id, columns: [id]}]
`

// Egress is a network policy's list of what may be called.
type Egress struct {
	// Peer is the value of the label app of what may be called; empty is
	// everything.
	Peer string
	// Port is the port; 0 is every port.
	Port int
}

// plan is the settings as the service uses them.
type plan struct {
	Settings
	replicas, concurrency, pool, cache  int
	statements                          int           // of an order
	quota                               time.Duration // of CPU in a period
	connect, inventory, payments, store time.Duration
	level                               int
	without                             map[string]bool
	tables                              map[string]table
	shed                                float64
}

// table is one table of the store's schema.
type table struct {
	Rows    int `yaml:"rows"`
	Indexes []struct {
		Name    string   `yaml:"name"`
		Columns []string `yaml:"columns"`
	} `yaml:"indexes"`
}

func (t table) indexed(column string) bool {
	for _, i := range t.Indexes {
		if len(i.Columns) > 0 && i.Columns[0] == column {
			return true
		}
	}
	return false
}

// levels of the log, by rising weight.
var levels = map[string]int{"debug": 0, "info": 1, "warn": 2, "error": 3}

const (
	levelDebug = 0
	levelInfo  = 1
)

// reader takes variables and remembers the first that is not sane.
type reader struct {
	env map[string]string
	err error
}

func (r *reader) fail(name string, err error) {
	if r.err == nil && err != nil {
		r.err = fmt.Errorf("variable %s: %w", name, err)
	}
}

func (r *reader) number(name string) int {
	n, err := strconv.Atoi(r.env[name])
	if err == nil && n < 1 {
		err = fmt.Errorf("%d is below 1", n)
	}
	r.fail(name, err)
	return n
}

func (r *reader) duration(name string) time.Duration {
	d, err := time.ParseDuration(r.env[name])
	r.fail(name, err)
	return d
}

func (r *reader) flag(name string) bool {
	b, err := strconv.ParseBool(r.env[name])
	r.fail(name, err)
	return b
}

// cores reads a quantity of CPU: "500m", "2", "0.5".
func (r *reader) cores(name string) float64 {
	text, milli := strings.CutSuffix(r.env[name], "m")
	n, err := strconv.ParseFloat(text, 64)
	r.fail(name, err)
	if milli {
		n /= 1000
	}
	return n
}

// plan reads the settings.
func (s Settings) plan() (*plan, error) {
	env := DefaultEnv()
	maps.Copy(env, s.Env)
	s.Env = env
	if s.Name == "" {
		s.Name = "shop"
	}
	if s.Slowdown == 0 {
		s.Slowdown = 1
	}
	if s.NativeFactor == 0 {
		s.NativeFactor = nativeFactor
	}
	if s.Sampling == 0 {
		s.Sampling = 1
	}
	if s.Buckets == nil {
		s.Buckets = FineBuckets()
	}
	if s.Schema == "" {
		s.Schema = DefaultSchema
	}
	r := &reader{env: env}
	p := &plan{
		Settings: s, replicas: r.number("REPLICAS"), concurrency: r.number("MAX_CONCURRENCY"), pool: r.number("DB_POOL_SIZE"),
		statements: r.number("ORDER_STATEMENTS"),
		quota:      time.Duration(r.cores("CPU_LIMIT") * float64(quotaPeriod)),
		connect:    r.duration("CONNECT_TIMEOUT"), inventory: r.duration("INVENTORY_TIMEOUT"),
		payments: r.duration("PAYMENTS_TIMEOUT"), store: r.duration("STORE_TIMEOUT"), without: map[string]bool{},
	}
	if r.flag("CACHE_ENABLED") {
		p.cache = r.number("CACHE_SIZE")
	}
	level, ok := levels[env["LOG_LEVEL"]]
	if !ok {
		r.fail("LOG_LEVEL", fmt.Errorf("%q is no level", env["LOG_LEVEL"]))
	}
	p.level = level
	if text := s.Peers["payments"]["SHED_PERCENT"]; text != "" {
		percent, err := strconv.ParseFloat(text, 64)
		r.fail("SHED_PERCENT", err)
		p.shed = percent / 100
	}
	for _, name := range s.Without {
		p.without[name] = true
	}
	var schema struct {
		Tables map[string]table `yaml:"tables"`
	}
	if err := yaml.Unmarshal([]byte(s.Schema), &schema); err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	p.tables = schema.Tables
	return p, r.err
}

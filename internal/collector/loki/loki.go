// Package loki reads what servers with the API of Loki tell of logs: which
// services write any, in what form, with which labels, fields and levels.
package loki

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/telemetry"
	"github.com/envparity/parity/internal/webapi"
)

// Config is a source of logs.
type Config struct {
	webapi.Config `yaml:",inline"`

	Match  []string `yaml:"match" doc:"Matchers of LogQL that confine what is read to the environment, one an item, such as env=\"staging\"."`
	Window string   `yaml:"window" doc:"Time that is looked at, up to now, such as 30m, 6h or 2d; 1h if left out."`
}

// answerBytes bounds one answer: 500 lines of the largest size that Loki takes
// by default would be twice that, and are a gap.
const answerBytes = 64 << 20

// New makes the collector.
func New() collector.Collector {
	return collector.New(collector.Manifest{
		Name:     "loki",
		Summary:  "Reads which services write logs, and their labels, fields, levels and format, from Loki or a server with its API.",
		Doc:      page,
		Role:     parity.Observed,
		Format:   "logs",
		Kinds:    telemetry.Kinds("logs", parity.LogsKind),
		Surfaces: []parity.Surface{parity.Telemetry},
	}, collect)
}

func collect(ctx context.Context, in collector.Input, cfg Config, out collector.Sink) error {
	window, err := parseWindow(cfg.Window)
	if err != nil {
		return err
	}
	match, err := parseMatchers(cfg.Match)
	if err != nil {
		return err
	}
	// With the flag, structured metadata stand beside the line. Without, and of
	// servers that do not know it, they stand among the stream's labels.
	cfg.Headers = maps.Clone(cfg.Headers)
	if cfg.Headers == nil {
		cfg.Headers = map[string]string{}
	}
	cfg.Headers["X-Loki-Response-Encoding-Flags"] = "categorize-labels"
	client, err := webapi.New(cfg.Config, in.Lookup, in.Allow, in.Root)
	if err != nil {
		return err
	}
	defer client.Close()
	client.AnswerBytes = answerBytes
	s := &session{Queries: webapi.Queries{Client: client}, out: out, match: match, begin: in.Now.Add(-window), end: in.Now}
	for _, label := range in.Naming.ServiceLabels() {
		// Labels of streams have neither dots nor dashes.
		label = strings.NewReplacer(".", "_", "-", "_", "/", "_").Replace(label)
		if !slices.Contains(s.naming, label) {
			s.naming = append(s.naming, label)
		}
	}
	return s.read(ctx)
}

// The bounds of a window.
const (
	defaultWindow = time.Hour
	minWindow     = time.Minute
	maxWindow     = 31 * 24 * time.Hour
)

func parseWindow(text string) (time.Duration, error) {
	if text == "" {
		return defaultWindow, nil
	}
	window, err := time.ParseDuration(text)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		var n int
		n, err = strconv.Atoi(days)
		window = time.Duration(min(max(n, 0), 1000)) * 24 * time.Hour
	}
	if err != nil || window < minWindow || window > maxWindow {
		return 0, &parity.Error{Code: parity.CodeConfig, What: "the window is not a time between a minute and 31 days", Hint: "write it as 30m, 6h or 2d"}
	}
	return window, nil
}

// matcher is one matcher of labels, as LogQL writes them.
type matcher struct{ text, label string }

var matcherForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("^\\s*([a-zA-Z_][a-zA-Z0-9_]*)\\s*(=~|!~|!=|=)\\s*(\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`)\\s*$")
})

func parseMatchers(texts []string) ([]matcher, error) {
	var all []matcher
	for _, text := range texts {
		parts := matcherForm().FindStringSubmatch(text)
		if parts == nil {
			return nil, &parity.Error{Code: parity.CodeConfig, What: "match holds what is not a matcher", Hint: `write each as env="staging", one an item`}
		}
		all = append(all, matcher{text: parts[1] + parts[2] + parts[3], label: parts[1]})
	}
	return all, nil
}
